"use client";

import { WAYS, type Way } from "@/lib/domain/wire/situation";
import type { SyncView } from "@/lib/domain/wire/api";
import type { ApiError } from "@/lib/client/api";
import { useProductionCheck } from "@/components/workspaces/production-check";
import { FormDialog } from "@/components/ui/form/form-dialog";

/** Ways that are confirmed first, and have no dialog of their own elsewhere. */
export type ConfirmedWay = Extract<Way, "putBack" | "startOver" | "detach">;

interface WayDialogProps {
  way: ConfirmedWay;
  slug: string;
  view: SyncView;
  busy: boolean;
  error: ApiError | null;
  onClose: () => void;
  onConfirm: (way: ConfirmedWay) => void;
}

/** Says what a way keeps and gives up before it is taken. */
export function WayDialog({ way, slug, view, busy, error, onClose, onConfirm }: WayDialogProps) {
  const production = useProductionCheck(slug);
  const { label, keeps, givesUp } = WAYS[way];
  return (
    <FormDialog
      onClose={onClose}
      title={`${label}?`}
      description={`${view.repository.name}, branch ${view.targetBranch}.`}
      submit={label}
      onSubmit={() => {
        onConfirm(way);
      }}
      danger={way !== "putBack"}
      disabled={!production.passed}
      busy={busy}
      error={error}
      failure="Nothing was done"
      focusesField={false}
    >
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
        <dt className="font-medium">Keeps</dt>
        <dd className="text-pretty text-muted">{keeps}</dd>
        <dt className="font-medium">Gives up</dt>
        <dd className="text-pretty text-muted">{givesUp}</dd>
      </dl>
      {production.field}
    </FormDialog>
  );
}
