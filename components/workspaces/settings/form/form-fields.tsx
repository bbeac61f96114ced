"use client";

import { Plus, X } from "lucide-react";
import { own } from "@/lib/domain/own";
import { isValues, type FieldType, type FormField, type Values } from "@/lib/domain/form/schema";
import { Button } from "@/components/ui/button";
import type { FormControlProps } from "./control-props";
import { BooleanControl, ControlGroup } from "./simple-controls";
import { TextControl } from "./text-control";

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

// Fields hold fields, so everything that renders nested fields is in this file.

/** The control for one field, by its type; a type that is not known is text. */
function FormControl(props: FormControlProps) {
  const { field, value } = props;
  if (field.type.startsWith("localized:") && isValues(value)) return <LocalizedControl {...props} />;
  if (field.type === "object") return <ObjectControl {...props} />;
  if (field.type === "array") return <ListControl {...props} />;
  const isBoolean = field.type === "boolean" || field.type === "localized:boolean";
  // A reference is replaced by a value at run time; here it can only be shown as text.
  return isBoolean && typeof value !== "string" ? <BooleanControl {...props} /> : <TextControl {...props} />;
}

function ObjectControl({ field, label, value, path, problems, disabled, onChange }: FormControlProps) {
  return (
    <ControlGroup field={field} label={label} problem={problems.get(path)}>
      <FormFields
        form={field}
        values={isValues(value) ? value : {}}
        problems={problems}
        path={path}
        disabled={disabled}
        onChange={onChange}
      />
    </ControlGroup>
  );
}

const FIRST: Partial<Record<FormField["type"], unknown>> = { object: {}, array: [], boolean: false };

function ListControl({ field, label, value, path, problems, disabled, onChange }: FormControlProps) {
  const items: unknown[] = Array.isArray(value) ? (value as unknown[]) : [];
  const item = field.items ?? { type: "string", hidden: false, validators: {}, properties: {} };
  return (
    <ControlGroup field={field} label={label} problem={problems.get(path)}>
      {items.map((one, at) => (
        <div key={at} className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <FormControl
              field={item}
              label={`${item.title ?? label} ${String(at + 1)}`}
              value={one}
              path={`${path}.${String(at)}`}
              problems={problems}
              disabled={disabled}
              onChange={(next) => {
                onChange(items.map((known, position) => (position === at ? (next ?? "") : known)));
              }}
            />
          </div>
          <Button
            variant="ghost"
            size="icon"
            disabled={disabled}
            aria-label={`Remove ${label} ${String(at + 1)}`}
            onClick={() => {
              onChange(items.filter((_, position) => position !== at));
            }}
          >
            <X aria-hidden />
          </Button>
        </div>
      ))}
      <div>
        <Button
          size="sm"
          disabled={disabled}
          aria-label={`Add to ${label}`}
          onClick={() => {
            onChange([...items, item.default ?? FIRST[item.type] ?? ""]);
          }}
        >
          <Plus aria-hidden />
          Add
        </Button>
      </div>
    </ControlGroup>
  );
}

/** The same field once for each language that it is written in. */
function LocalizedControl({ field, label, value, path, ...props }: FormControlProps) {
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
