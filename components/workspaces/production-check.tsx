"use client";

import { useContext, useState } from "react";
import { EnvironmentContext } from "@/components/shell/environment";
import { TextField } from "@/components/ui/form/text-field";

/** Whether this environment is the one where a slip of the hand costs most. */
function isProduction(name: string): boolean {
  return /^prod(uction)?$/i.test(name.trim());
}

/** Asks for a word to be typed before a write in production; elsewhere it asks nothing. */
export function useProductionCheck(word: string) {
  const { name } = useContext(EnvironmentContext);
  const [typed, setTyped] = useState("");
  const needed = isProduction(name);
  return {
    passed: !needed || typed.trim() === word,
    field: needed && (
      <TextField
        label={`Type ${word} to confirm`}
        hint={`This is ${name}.`}
        mono
        value={typed}
        onValueChange={setTyped}
      />
    ),
  };
}
