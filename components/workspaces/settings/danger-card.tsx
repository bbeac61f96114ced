"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { useDeleteWorkspace } from "@/lib/client/settings/settings";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/text";
import { DuplicateDialog } from "../duplicate-dialog";
import { FormDialog } from "@/components/ui/form/form-dialog";
import { TextField } from "@/components/ui/form/text-field";

interface DangerCardProps {
  slug: string;
  workspace: WorkspaceDetail;
  mayDelete: boolean;
}

/** What makes a whole workspace, or takes one away. */
export function DangerCard({ slug, workspace, mayDelete }: DangerCardProps) {
  const [isDuplicating, setDuplicating] = useState(false);
  const [deleting, setDeleting] = useState(false);
  if (workspace.id === "platform") return null;
  return (
    <Card aria-label="Duplicate or delete">
      <CardHeader title="Duplicate or delete" />
      <Row title="Duplicate this workspace" hint="Copies its files. Secrets, domains and versions stay here.">
        <Button
          onClick={() => {
            setDuplicating(true);
          }}
        >
          Duplicate workspace…
        </Button>
      </Row>
      <Row
        title="Delete this workspace"
        hint="Deletes its versions on this server too. What was pushed to git is kept there."
      >
        <Button
          variant="danger-quiet"
          disabled={!mayDelete || Boolean(workspace.writeLock)}
          onClick={() => {
            setDeleting(true);
          }}
        >
          Delete workspace…
        </Button>
      </Row>
      {isDuplicating && (
        <DuplicateDialog
          workspace={{ slug, name: workspace.name }}
          onClose={() => {
            setDuplicating(false);
          }}
        />
      )}
      {deleting && (
        <DeleteWorkspaceDialog
          slug={slug}
          workspace={workspace}
          onClose={() => {
            setDeleting(false);
          }}
        />
      )}
    </Card>
  );
}

function Row({ title, hint, children }: { title: string; hint: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="text-sm font-medium">{title}</p>
        <p className="text-xs text-pretty text-muted">{hint}</p>
      </div>
      {children}
    </div>
  );
}

function DeleteWorkspaceDialog({
  slug,
  workspace,
  onClose,
}: Pick<DangerCardProps, "slug" | "workspace"> & { onClose: () => void }) {
  const router = useRouter();
  const remove = useDeleteWorkspace(slug);
  const [typed, setTyped] = useState("");
  const files = ["automations", "pages", "imports"] as const;
  const lost = files.map(
    (kind) => `${String(Object.keys(workspace[kind]).length)} ${kind === "imports" ? "app instances" : kind}`,
  );
  return (
    <FormDialog
      onClose={onClose}
      title={`Delete ${workspace.name}?`}
      description={`${lost.join(", ")}, its secrets, its domains and every version in the Prismeai repository are lost.${workspace.dirty ? " It has changes that were never pushed." : ""}`}
      submit="Delete workspace"
      onSubmit={() => {
        remove.mutate(undefined, {
          onSuccess: () => {
            toast.success(`${workspace.name} was deleted`);
            router.push("/");
          },
        });
      }}
      danger
      keep="Keep the workspace"
      busy={remove.isPending}
      disabled={typed.trim() !== slug}
      error={remove.error}
      failure="The workspace was not deleted"
    >
      <TextField label={`Type ${slug} to confirm`} mono value={typed} onValueChange={setTyped} />
    </FormDialog>
  );
}
