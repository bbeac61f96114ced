"use client";

import { useEffect, useRef, useState, type ComponentProps } from "react";
import { Input } from "./field";

const PAUSE_MS = 200;

type LateInputProps = Omit<ComponentProps<typeof Input>, "value" | "onChange"> & {
  value: string;
  /** Called with what was typed, once the typing pauses. */
  onLateChange: (value: string) => void;
};

/** An input that waits for a pause in typing, for what costs more than a letter: a request, a new address. */
export function LateInput({ value, onLateChange, ...props }: LateInputProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const [told, setTold] = useState<readonly string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (value !== seen) {
    setSeen(value);
    const answered = told.indexOf(value);
    setTold(answered < 0 ? [] : told.slice(answered + 1));
    // What was told comes back late, and more may be typed by then. Anything else came by other means, such as the
    // Back button.
    if (answered < 0) setText(value);
  }
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  return (
    <Input
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => {
          setTold((before) => [...before, next]);
          onLateChange(next);
        }, PAUSE_MS);
      }}
      {...props}
    />
  );
}
