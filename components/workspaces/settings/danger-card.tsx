"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { useDeleteWorkspace } from "@/lib/client/settings/settings";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { ErrorPanel } from "@/components/ui/states";
import { Card, CardHeader } from "@/components/ui/text";
import { DuplicateDialog } from "../duplicate-dialog";

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
      <Row
        title="Duplicate this workspace"
        hint="A copy of its files. Secrets, domains and versions stay here."
      >
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
        hint="Its versions on this server go with it. What was pushed to git stays there."
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
    <Dialog
      open
      onOpenChange={onClose}
      title={`Delete ${workspace.name}?`}
      description={`${lost.join(", ")}, its secrets, its domains and every version in the Prismeai repository are lost.${workspace.dirty ? " It has changes that were never pushed." : ""}`}
    >
      <DialogBody className="flex flex-col gap-4">
        {remove.error && <ErrorPanel error={remove.error} title="The workspace was not deleted" />}
        <Field label={`Type ${slug} to confirm`}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              value={typed}
              onChange={({ currentTarget }) => {
                setTyped(currentTarget.value);
              }}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Keep the workspace</Button>
        </DialogClose>
        <Button
          variant="danger"
          busy={remove.isPending}
          disabled={typed.trim() !== slug}
          onClick={() => {
            remove.mutate(undefined, {
              onSuccess: () => {
                toast.success(`${workspace.name} was deleted`);
                router.push("/");
              },
            });
          }}
        >
          Delete workspace
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
