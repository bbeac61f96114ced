"use client";

import type { SyncView, WorkspaceDetail } from "@/lib/domain/wire/api";
import { WayDialog } from "../ways/way-dialog";
import { DiscardDialog } from "./discard-dialog";
import { PushDialog } from "./push-dialog";
import type { SyncCommands } from "./use-sync-commands";

interface SyncDialogsProps {
  slug: string;
  workspace: WorkspaceDetail;
  view: SyncView;
  commands: SyncCommands;
}

/** The window that is open, if any. */
export function SyncDialogs({ slug, workspace, view, commands }: SyncDialogsProps) {
  const { dialog, close, push, pull, way } = commands;
  if (dialog === null) return null;
  const shared = { slug, view, onClose: close };
  if (dialog === "push")
    return <PushDialog {...shared} busy={push.busy} error={push.error} onPush={push.run} />;
  if (dialog === "discard")
    return (
      <DiscardDialog
        {...shared}
        workspaceName={workspace.name}
        busy={pull.busy}
        error={pull.error}
        onDiscard={() => {
          pull.run(true);
        }}
      />
    );
  return <WayDialog {...shared} way={dialog} busy={way.busy} error={way.error} onConfirm={way.run} />;
}
