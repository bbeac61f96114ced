"use client";

import type { HTMLInputAutoCompleteAttribute, HTMLAttributes } from "react";
import type { FormField } from "@/lib/domain/form/schema";
import { Field, Input, Textarea } from "@/components/ui/form/field";
import { Select } from "@/components/ui/form/select";
import type { FormControlProps } from "./control-props";

interface Keyboard {
  inputMode?: HTMLAttributes<HTMLInputElement>["inputMode"];
  autoComplete: HTMLInputAutoCompleteAttribute;
}

function keyboardOf({ type, validators }: FormField): Keyboard {
  if (type.endsWith("number")) return { inputMode: "decimal", autoComplete: "off" };
  if (validators.email) return { inputMode: "email", autoComplete: "off" };
  if (validators.tel) return { inputMode: "tel", autoComplete: "off" };
  return { autoComplete: "off" };
}

/** What was typed as the value that the field's type asks for; text that is not a number stays text, for the server to refuse. */
function valueOf({ type }: FormField, text: string): unknown {
  if (text === "") return undefined;
  if (type.endsWith("boolean") && (text === "true" || text === "false")) return text === "true";
  const isNumber = type.endsWith("number") && text.trim() === text && Number.isFinite(Number(text));
  // "1." is on its way to "1.5".
  return isNumber && String(Number(text)) === text ? Number(text) : text;
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A single value: a line, several lines, or a choice. */
export function TextControl({ field, label, value, path, problems, disabled, onChange }: FormControlProps) {
  const problem = problems.get(path);
  const text = shown(value);
  const placeholder = field.default === undefined ? {} : { placeholder: shown(field.default) };
  const control = {
    value: text,
    disabled,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => {
      onChange(valueOf(field, currentTarget.value));
    },
  };
  return (
    <Field
      label={label}
      // An item of a list is there because somebody added it.
      optional={!field.validators.required && !/\.\d+$/.test(path)}
      {...(field.description ? { hint: field.description } : {})}
      {...(problem ? { error: problem } : {})}
    >
      {(own) =>
        field.enum ? (
          <Choice {...own} field={field} value={value} disabled={disabled} onChange={onChange} />
        ) : text.includes("\n") ? (
          <Textarea {...own} {...control} {...placeholder} rows={Math.min(12, text.split("\n").length + 1)} />
        ) : (
          <Input {...own} {...control} {...placeholder} {...keyboardOf(field)} spellCheck={false} />
        )
      }
    </Field>
  );
}

interface ChoiceProps {
  id: string;
  field: FormField;
  value: unknown;
  disabled: boolean;
  onChange: (value: unknown) => void;
}

function Choice({ field, value, onChange, ...control }: ChoiceProps) {
  const allowed = field.enum ?? [];
  const at = allowed.findIndex((one) => JSON.stringify(one) === JSON.stringify(value ?? field.default));
  return (
    <Select
      {...control}
      value={at === -1 ? "" : String(at)}
      onChange={({ currentTarget }) => {
        onChange(currentTarget.value === "" ? undefined : allowed[Number(currentTarget.value)]);
      }}
    >
      <option value="">{at === -1 && value !== undefined ? shown(value) : "Not chosen"}</option>
      {allowed.map((one, position) => (
        <option key={position} value={position}>
          {field.enumNames?.[position] ?? shown(one)}
        </option>
      ))}
    </Select>
  );
}
