import type { ComponentProps } from "react";
import { cn } from "@/lib/client/cn";
import { Field, Input, Textarea, type FieldFrame } from "./field";
import { Select } from "./select";

type Labelled<Tag extends "input" | "textarea" | "select"> = FieldFrame &
  Omit<ComponentProps<Tag>, "id" | "value" | "onChange" | "className"> & {
    value?: string;
    onValueChange?: (value: string) => void;
  };

interface TextLook {
  /** For a name that machines read: letters of one width, and no spelling to correct. */
  mono?: boolean | undefined;
  controlClassName?: string | undefined;
}

function textLook({ mono = false, controlClassName }: TextLook) {
  return { className: cn(mono && "font-mono", controlClassName), ...(mono ? { spellCheck: false } : {}) };
}

/** A labelled line of text. */
export function TextField({
  label,
  hint,
  error,
  optional,
  className,
  mono,
  controlClassName,
  onValueChange,
  ...input
}: Labelled<"input"> & TextLook) {
  return (
    <Field {...{ label, hint, error, optional, className }}>
      {(own) => (
        <Input
          autoComplete="off"
          onChange={({ currentTarget }) => onValueChange?.(currentTarget.value)}
          {...textLook({ mono, controlClassName })}
          {...own}
          {...input}
        />
      )}
    </Field>
  );
}

/** A labelled text of several lines. */
export function TextAreaField({
  label,
  hint,
  error,
  optional,
  className,
  mono,
  controlClassName,
  onValueChange,
  ...textarea
}: Labelled<"textarea"> & TextLook) {
  return (
    <Field {...{ label, hint, error, optional, className }}>
      {(own) => (
        <Textarea
          autoComplete="off"
          onChange={({ currentTarget }) => onValueChange?.(currentTarget.value)}
          {...textLook({ mono, controlClassName })}
          {...own}
          {...textarea}
        />
      )}
    </Field>
  );
}

/** A labelled list box; its options are the children. */
export function SelectField({
  label,
  hint,
  error,
  optional,
  className,
  controlClassName,
  onValueChange,
  ...select
}: Labelled<"select"> & Pick<TextLook, "controlClassName">) {
  return (
    <Field {...{ label, hint, error, optional, className }}>
      {(own) => (
        <Select
          className={controlClassName}
          onChange={({ currentTarget }) => onValueChange?.(currentTarget.value)}
          {...own}
          {...select}
        />
      )}
    </Field>
  );
}
