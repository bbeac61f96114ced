"use client";

import type { ReactNode } from "react";
import { Plus, X } from "lucide-react";
import { isValues, type FormField } from "@/lib/domain/form/schema";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/field";
import { FormFields } from "./form-fields";
import { LocalizedControl } from "./localized-control";
import { TextControl } from "./text-control";

export interface FormControlProps {
  field: FormField;
  label: string;
  value: unknown;
  path: string;
  problems: ReadonlyMap<string, string>;
  disabled: boolean;
  /** Undefined takes the value away. */
  onChange: (value: unknown) => void;
}

/** The control for one field, by its type; a type that is not known is text. */
export function FormControl(props: FormControlProps) {
  const { field, value } = props;
  if (field.type.startsWith("localized:") && isValues(value)) return <LocalizedControl {...props} />;
  if (field.type === "object") return <ObjectControl {...props} />;
  if (field.type === "array") return <ListControl {...props} />;
  const isBoolean = field.type === "boolean" || field.type === "localized:boolean";
  // A reference stands where a value will be at run time; it can only be shown as text.
  return isBoolean && typeof value !== "string" ? <BooleanControl {...props} /> : <TextControl {...props} />;
}

function Problem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="text-xs text-danger">
      {children}
    </p>
  );
}

function BooleanControl({ field, label, value, path, problems, disabled, onChange }: FormControlProps) {
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

function Group({
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

function ObjectControl({ field, label, value, path, problems, disabled, onChange }: FormControlProps) {
  return (
    <Group field={field} label={label} problem={problems.get(path)}>
      <FormFields
        form={field}
        values={isValues(value) ? value : {}}
        problems={problems}
        path={path}
        disabled={disabled}
        onChange={onChange}
      />
    </Group>
  );
}

const FIRST: Partial<Record<FormField["type"], unknown>> = { object: {}, array: [], boolean: false };

function ListControl({ field, label, value, path, problems, disabled, onChange }: FormControlProps) {
  const items: unknown[] = Array.isArray(value) ? (value as unknown[]) : [];
  const item = field.items ?? { type: "string", hidden: false, validators: {}, properties: {} };
  return (
    <Group field={field} label={label} problem={problems.get(path)}>
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
    </Group>
  );
}
