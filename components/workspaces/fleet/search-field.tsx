"use client";

import { useEffect, useRef, useState } from "react";
import { Search } from "lucide-react";
import { Input } from "@/components/ui/field";
import { Kbd } from "@/components/ui/text";

interface SearchFieldProps {
  value: string;
  onChange: (value: string) => void;
  label?: string;
  placeholder?: string;
}

const PAUSE_MS = 200;

/** A filter that waits for a pause in typing; `/` leads here. */
export function SearchField({
  value,
  onChange,
  label = "Filter workspaces",
  placeholder = "Name, slug or label",
}: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The address may change by other means, such as the Back button.
  if (value !== shown) {
    setShown(value);
    setText(value);
  }
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  return (
    <div className="relative min-w-44 flex-1 sm:max-w-72">
      <Search
        aria-hidden
        className="pointer-events-none absolute inset-y-0 left-2.5 my-auto size-4 text-muted"
      />
      <Input
        data-filter
        type="search"
        aria-label={label}
        placeholder={placeholder}
        className="pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
        value={text}
        onChange={(event) => {
          const next = event.currentTarget.value;
          setText(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => {
            setShown(next);
            onChange(next);
          }, PAUSE_MS);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          // The browser would empty the field, and the rows found would be gone under the keyboard's feet.
          event.preventDefault();
          event.currentTarget.blur();
        }}
      />
      {text === "" && (
        <Kbd
          aria-hidden
          className="pointer-events-none absolute inset-y-0 right-2 my-auto pointer-coarse:hidden"
        >
          /
        </Kbd>
      )}
    </div>
  );
}
