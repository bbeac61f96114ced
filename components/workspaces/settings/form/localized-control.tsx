"use client";

import { isValues, type FormField, type FieldType } from "@/lib/domain/form/schema";
import { FormControl, type FormControlProps } from "./form-control";

/** The same field once for each language that it is written in. */
export function LocalizedControl({ field, label, value, path, ...props }: FormControlProps) {
  const texts = isValues(value) ? value : {};
  const single: FormField = { ...field, type: field.type.replace("localized:", "") as FieldType };
  return (
    <div role="group" aria-label={label} className="flex flex-col gap-3">
      {Object.entries(texts).map(([language, text]) => (
        <FormControl
          key={language}
          {...props}
          field={single}
          label={`${label} (${language})`}
          value={text}
          path={`${path}.${language}`}
          onChange={(next) => {
            props.onChange({ ...texts, [language]: next ?? "" });
          }}
        />
      ))}
    </div>
  );
}
