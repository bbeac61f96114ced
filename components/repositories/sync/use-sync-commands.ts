"use client";

import { useState } from "react";
import { toast } from "sonner";
import type { RepositoryListing } from "@/lib/domain/wire/api";
import type { Way } from "@/lib/domain/wire/situation";
import { useDetach, usePull, usePush } from "@/lib/client/mutations";
import { trackOperation } from "@/components/operations/notice-store";
import type { ConfirmedWay } from "../ways/way-dialog";

/** What the Sync page can do with one repository: the windows that ask first, and the operations that follow. */
export function useSyncCommands(slug: string, { id, name }: RepositoryListing) {
  const push = usePush(slug);
  const pull = usePull(slug);
  const detach = useDetach(slug);
  const [dialog, setDialog] = useState<"push" | "discard" | ConfirmedWay | null>(null);
  const [operation, setOperation] = useState<string | null>(null);
  const repository = { id };

  const started = {
    onSuccess: (operationId: string) => {
      setOperation(operationId);
      setDialog(null);
      trackOperation(operationId);
    },
  };
  const detached = {
    onSuccess: () => {
      setDialog(null);
      toast.success(`Detached from ${name}`);
    },
  };

  const ask = (next: NonNullable<typeof dialog>) => {
    // An earlier failure does not belong in a window that was just opened.
    for (const command of next === "discard" ? [pull] : [push, detach]) command.reset();
    setDialog(next);
  };
  const runPull = (discardLocalChanges: boolean) => {
    setOperation(null);
    pull.mutate({ repository, ...(discardLocalChanges ? { discardLocalChanges } : {}) }, started);
  };
  const runPush = (input: Omit<Parameters<typeof push.mutate>[0], "repository">) => {
    setOperation(null);
    push.mutate({ ...input, repository }, started);
  };

  return {
    dialog,
    close: () => {
      setDialog(null);
    },
    /** The operation that was started last from this page. */
    operation,
    busy: push.isPending || pull.isPending,
    push: { run: runPush, busy: push.isPending, error: push.error },
    pull: { run: runPull, busy: pull.isPending, error: pull.error },
    way: {
      run: (way: ConfirmedWay) => {
        if (way !== "detach") runPush({ [way]: true });
        else {
          setOperation(null);
          detach.mutate(id, detached);
        }
      },
      busy: push.isPending || detach.isPending,
      error: push.error ?? detach.error,
    },
    /** Goes a way: at once where nothing can be lost, else after asking. */
    take: (way: Way) => {
      if (way === "pull") runPull(false);
      else ask(way);
    },
  };
}

export type SyncCommands = ReturnType<typeof useSyncCommands>;
