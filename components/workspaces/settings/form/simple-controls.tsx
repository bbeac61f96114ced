"use client";

import type { ReactNode } from "react";
import { Checkbox } from "@/components/ui/form/field";
import type { FormControlProps } from "./control-props";

function Problem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="text-xs text-danger">
      {children}
    </p>
  );
}

/** Yes or no. */
export function BooleanControl({
  field,
  label,
  value,
  path,
  problems,
  disabled,
  onChange,
}: FormControlProps) {
  const problem = problems.get(path);
  return (
    <div className="flex flex-col gap-1">
      <Checkbox
        label={label}
        {...(field.description ? { hint: field.description } : {})}
        checked={(value ?? field.default) === true}
        disabled={disabled}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.checked);
        }}
      />
      {problem && <Problem>{problem}</Problem>}
    </div>
  );
}

/** The frame around the fields of an object or the items of a list. */
export function ControlGroup({
  field,
  label,
  problem,
  children,
}: Pick<FormControlProps, "field" | "label"> & { problem: string | undefined; children: ReactNode }) {
  return (
    <fieldset className="rounded-md border border-line px-4 pt-1 pb-4">
      <legend className="px-1 text-sm font-medium">{label}</legend>
      {field.description && <p className="mb-3 text-xs text-muted">{field.description}</p>}
      {problem && <Problem>{problem}</Problem>}
      <div className="mt-1 flex flex-col gap-4">{children}</div>
    </fieldset>
  );
}
