import type { FormField } from "@/lib/domain/form/schema";

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
