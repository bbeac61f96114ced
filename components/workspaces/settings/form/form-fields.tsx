"use client";

import { own } from "@/lib/domain/own";
import type { FormField, Values } from "@/lib/domain/form/schema";
import { FormControl } from "./form-control";

interface FormFieldsProps {
  form: FormField;
  values: Values;
  /** What the server said of fields, by path. */
  problems: ReadonlyMap<string, string>;
  /** Path of the object that these fields belong to; empty for the form itself. */
  path?: string;
  disabled: boolean;
  onChange: (values: Values) => void;
}

/** The fields of an object, in their author's order; hidden ones keep their values. */
export function FormFields({ form, values, problems, path = "", disabled, onChange }: FormFieldsProps) {
  const set = (name: string, value: unknown) => {
    const { [name]: _before, ...others } = values;
    onChange(value === undefined ? others : { ...values, [name]: value });
  };
  return (
    <div className="flex flex-col gap-4">
      {Object.entries(form.properties)
        .filter(([, field]) => !field.hidden)
        .map(([name, field]) => (
          <FormControl
            key={name}
            field={field}
            label={field.title ?? name}
            value={own(values, name)}
            path={path ? `${path}.${name}` : name}
            problems={problems}
            disabled={disabled}
            onChange={(value) => {
              set(name, value);
            }}
          />
        ))}
    </div>
  );
}
