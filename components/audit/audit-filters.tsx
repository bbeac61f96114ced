"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { withQuery } from "@/lib/client/api";
import { type AuditFilter } from "@/lib/client/access";
import { Field } from "@/components/ui/form/field";
import { LateInput } from "@/components/ui/form/late-input";
import { SelectField, TextField } from "@/components/ui/form/text-field";

const OUTCOMES = ["succeeded", "refused", "failed"];
const KEYS = ["email", "action", "outcome", "afterDate"] as const;

/** The filters in the address: every view of the log is a link. */
export function useAuditUrl() {
  const router = useRouter();
  const params = useSearchParams();
  const filter: AuditFilter = Object.fromEntries(
    KEYS.flatMap((key) => {
      const value = params.get(key);
      return value ? [[key, value]] : [];
    }),
  );
  const change = (part: AuditFilter) => {
    router.replace(withQuery("/audit", { ...filter, ...part }), { scroll: false });
  };
  return { filter, change };
}

/** Who, what, with which outcome and since when. */
export function AuditFilters({
  filter,
  onChange,
}: {
  filter: AuditFilter;
  onChange: (filter: AuditFilter) => void;
}) {
  const text = { autoComplete: "off", spellCheck: false } as const;
  return (
    <div role="search" className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Field label="E-mail">
        {(control) => (
          <LateInput
            {...control}
            {...text}
            value={filter.email ?? ""}
            onLateChange={(email) => {
              onChange({ email });
            }}
          />
        )}
      </Field>
      <Field label="Action begins with">
        {(control) => (
          <LateInput
            {...control}
            {...text}
            placeholder="session, token, permission…"
            value={filter.action ?? ""}
            onLateChange={(action) => {
              onChange({ action });
            }}
          />
        )}
      </Field>
      <SelectField
        label="Outcome"
        value={filter.outcome ?? ""}
        onValueChange={(outcome) => {
          onChange({ outcome });
        }}
      >
        <option value="">Any</option>
        {OUTCOMES.map((outcome) => (
          <option key={outcome}>{outcome}</option>
        ))}
      </SelectField>
      <TextField
        label="Since"
        type="date"
        value={filter.afterDate ?? ""}
        onValueChange={(afterDate) => {
          onChange({ afterDate });
        }}
      />
    </div>
  );
}
