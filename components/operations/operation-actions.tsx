"use client";

import { useRouter } from "next/navigation";
import { ArrowDownToLine, Ban, GitMerge, RotateCcw } from "lucide-react";
import { toast } from "sonner";
import type { Operation } from "@/lib/domain/operation";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import { useCancelOperation, useRetryOperation } from "@/lib/client/mutations";
import { isRunning } from "@/lib/client/operations/operation-view";
import { Button, ButtonLink } from "@/components/ui/button";

/** What can be done about an operation: cancel it, mend its cause, run it again. */
export function OperationActions({ operation, failed }: { operation: Operation; failed: number }) {
  if (isRunning(operation)) return <Cancel operation={operation} />;
  if (operation.outcome === "succeeded") return <OpenWorkspace operation={operation} />;
  return (
    <>
      <OpenWorkspace operation={operation} />
      <Retry operation={operation} failed={failed} isMain={!canMend(operation)} />
      <Mend operation={operation} />
    </>
  );
}

function Cancel({ operation }: { operation: Operation }) {
  const cancel = useCancelOperation();
  const cancelling = operation.state === "cancelling" || cancel.isSuccess;
  return (
    <Button
      busy={cancel.isPending || cancelling}
      onClick={() => {
        cancel.mutate(operation.id, {
          onError: (error) => toast.error("Not cancelled", { description: error.message }),
        });
      }}
    >
      {!cancelling && <Ban aria-hidden />}
      {cancelling ? "Cancelling" : "Cancel"}
    </Button>
  );
}

function Retry({ operation, failed, isMain }: { operation: Operation; failed: number; isMain: boolean }) {
  const router = useRouter();
  const retry = useRetryOperation();
  const isUrgent = isMain && (failed > 0 || operation.outcome !== "partial");
  return (
    <Button
      variant={isUrgent ? "primary" : "secondary"}
      busy={retry.isPending}
      onClick={() => {
        retry.mutate(operation.id, {
          onSuccess: (id) => {
            router.push(`/operations/${id}`);
          },
          onError: (error) => toast.error("Not retried", { description: error.message }),
        });
      }}
    >
      {!retry.isPending && <RotateCcw aria-hidden />}
      {failed > 0 ? `Retry failed (${String(failed)})` : "Retry"}
    </Button>
  );
}

function OpenWorkspace({ operation: { kind, workspaceSlug } }: { operation: Operation }) {
  if (OPERATIONS[kind].isBulk || !workspaceSlug) return null;
  return <ButtonLink href={`/workspaces/${workspaceSlug}/sync`}>Open the workspace</ButtonLink>;
}

function canMend({ errors: [error], workspaceSlug }: Operation): boolean {
  return Boolean(workspaceSlug) && (error?.error === "MergeConflict" || error?.error === "RemoteAhead");
}

function Mend({ operation }: { operation: Operation }) {
  const { errors, workspaceSlug, repositoryId } = operation;
  if (!canMend(operation)) return null;
  const conflict = errors[0]?.error === "MergeConflict";
  const query = new URLSearchParams({
    ...(repositoryId ? { repository: repositoryId } : {}),
    tab: conflict ? "conflicts" : "updates",
  });
  return (
    <ButtonLink variant="primary" href={`/workspaces/${workspaceSlug ?? ""}/sync?${query.toString()}`}>
      {conflict ? <GitMerge aria-hidden /> : <ArrowDownToLine aria-hidden />}
      {conflict ? "Resolve…" : "Pull first"}
    </ButtonLink>
  );
}
