import type { ReactNode } from "react";
import { ListChecks } from "lucide-react";
import type { PlatformView } from "@/lib/domain/wire/api";
import { EmptyState } from "@/components/ui/states";
import { SelectField } from "@/components/ui/form/text-field";

/** The left half of a bulk panel: what to do. Enter plans; it never pushes or imports. */
export function PanelForm({
  children,
  footer,
  onSubmit,
}: {
  children: ReactNode;
  footer: ReactNode;
  onSubmit: () => void;
}) {
  return (
    <form
      className="rounded-lg border border-line bg-surface shadow-card lg:sticky lg:top-6"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div className="flex flex-col gap-5 p-4">{children}</div>
      <footer className="flex flex-wrap justify-end gap-2 rounded-b-lg border-t border-line bg-sunken px-4 py-3">
        {footer}
      </footer>
    </form>
  );
}

/** The right half: what would happen. */
export function PanelPlan({
  children,
  empty,
  pending,
}: {
  children: ReactNode[];
  empty: string;
  pending: boolean;
}) {
  const isEmpty = children.every((child) => !child);
  return (
    <section aria-label="Plan" aria-busy={pending} className="flex min-w-0 flex-col gap-4">
      {isEmpty ? (
        <div className="rounded-lg border border-dashed border-line-strong">
          <EmptyState icon={ListChecks} title="Plan before you start">
            {empty}
          </EmptyState>
        </div>
      ) : (
        children
      )}
    </section>
  );
}

export function RepositorySelect({
  repositories,
  value,
  onChange,
}: {
  repositories: PlatformView["repositories"];
  value: string;
  onChange: (id: string) => void;
}) {
  const chosen = repositories.find(({ id }) => id === value);
  return (
    <SelectField
      label="Repository"
      hint={
        chosen ? (
          <span className="font-mono break-all">
            {chosen.location}
            {chosen.type === "git" && ` · ${chosen.branch}`}
          </span>
        ) : (
          "No platform repository allows this."
        )
      }
      value={value}
      onValueChange={onChange}
    >
      {repositories.map(({ id, name, mode }) => (
        <option key={id} value={id}>
          {name}
          {mode === "read-write" || name.includes(mode) ? "" : ` (${mode})`}
        </option>
      ))}
    </SelectField>
  );
}
