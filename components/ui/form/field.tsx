import type { ComponentProps, ReactNode } from "react";
import { useId } from "react";
import { Check, Minus } from "lucide-react";
import { cn } from "@/lib/client/cn";

const CONTROL =
  "w-full rounded-md border border-control bg-surface px-2.5 text-base text-text placeholder:text-muted transition-[border-color] hover:border-muted focus-visible:border-focus focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:bg-sunken disabled:text-muted aria-invalid:border-danger sm:text-sm";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input dir="auto" className={cn(CONTROL, "h-8", className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea dir="auto" className={cn(CONTROL, "min-h-18 py-1.5 leading-5", className)} {...props} />;
}

/** The label, hint and problem around a control. */
export interface FieldFrame {
  label: string;
  hint?: ReactNode;
  /** What is wrong with the value; takes the place of the hint. */
  error?: string | undefined;
  optional?: boolean | undefined;
  className?: string | undefined;
}

interface FieldProps extends FieldFrame {
  children: (control: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}

/** A labelled control with its hint and error, wired for assistive technology. */
export function Field({ label, hint, error, optional = false, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cn("flex flex-col gap-1.5", className)}>
      <label htmlFor={id} className="flex items-baseline gap-1.5 text-sm font-medium text-text">
        {label}
        {optional && <span className="text-xs font-normal text-muted">Optional</span>}
      </label>
      {children({
        id,
        ...(note ? { "aria-describedby": `${id}-note` } : {}),
        ...(error ? { "aria-invalid": true } : {}),
      })}
      {note && (
        <p
          id={`${id}-note`}
          className={cn("text-xs text-pretty", error ? "text-danger" : "text-muted")}
          role={error ? "alert" : undefined}
        >
          {note}
        </p>
      )}
    </div>
  );
}

type TickProps = Omit<ComponentProps<"input">, "type"> & {
  /** Neither on nor off: it represents several items, some of which are on. */
  indeterminate?: boolean;
};

/** A native checkbox without its own label: the caller must name it. */
export function Tick({ className, indeterminate = false, ...props }: TickProps) {
  const Mark = indeterminate ? Minus : Check;
  return (
    <span className={cn("relative inline-flex size-4 shrink-0", className)}>
      <input
        type="checkbox"
        ref={(input) => {
          if (input) input.indeterminate = indeterminate;
        }}
        className="peer size-4 appearance-none rounded-sm border border-control bg-surface transition-colors checked:border-ink checked:bg-ink indeterminate:border-ink indeterminate:bg-ink disabled:opacity-50"
        {...props}
      />
      <Mark
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none absolute inset-0 m-auto size-3 text-on-ink opacity-0 peer-checked:opacity-100 peer-indeterminate:opacity-100"
      />
    </span>
  );
}

/** A native checkbox with its label and a line that says what it does. */
export function Checkbox({
  label,
  hint,
  className,
  ...props
}: Omit<ComponentProps<"input">, "type"> & { label: ReactNode; hint?: ReactNode }) {
  const id = useId();
  return (
    <label className={cn("flex min-h-6 items-start gap-2.5 text-sm", className)}>
      <Tick
        className="mt-0.5"
        // The label holds the hint as well, which would be read twice.
        aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...props}
      />
      <span className="min-w-0">
        <span id={`${id}-label`} className="text-text">
          {label}
        </span>
        {hint && (
          <span id={`${id}-hint`} className="block text-xs text-pretty text-muted">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
