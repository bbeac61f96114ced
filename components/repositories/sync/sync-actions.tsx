"use client";

import { ArrowDownToLine, ArrowUpFromLine, Check, Ellipsis, GitMerge, Trash2 } from "lucide-react";
import type { SyncView, WorkspaceDetail } from "@/lib/domain/wire/api";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import { count } from "@/lib/client/format";

export interface SyncActionsProps {
  view: SyncView;
  workspace: WorkspaceDetail;
  busy: boolean;
  onPush: () => void;
  onPull: () => void;
  onDiscard: () => void;
  onResolve: () => void;
}

type Primary = "save" | "resolve" | "pull" | "push" | "nothing";

/** The one thing to do next. */
function nextAction({ repository, status, changes, lastVersion }: SyncView): Primary {
  if (repository.scope === "native") return "save";
  if (status === "conflict") return "resolve";
  const canPush = repository.mode !== "read-only";
  const canPull = repository.mode !== "write-only";
  if (canPull && (status === "behind" || status === "diverged")) return "pull";
  if (canPush && (changes.length > 0 || status === "dirty" || lastVersion === undefined)) return "push";
  if (canPull && lastVersion === undefined) return "pull";
  return "nothing";
}

/** One primary button that follows the state, and the rest in a menu. */
export function SyncActions(props: SyncActionsProps) {
  const { view, workspace, busy } = props;
  const isLocked = workspace.writeLock !== undefined;
  const mayUpdate = workspace.permissions.includes("update");
  const action = nextAction(view);
  if (!mayUpdate) return <span className="text-xs text-muted">You may look, not push or pull.</span>;
  const canPush = view.repository.mode !== "read-only";
  const canPull = view.repository.mode !== "write-only";
  // A conflict's branch can be given up even where nothing differs here any more.
  const hasNothing = view.changes.length === 0 && view.status !== "conflict";
  return (
    <>
      <PrimaryButton {...props} action={action} disabled={isLocked && action !== "resolve"} />
      {view.repository.scope !== "native" && (
        <Menu>
          <MenuTrigger asChild>
            <Button size="icon" aria-label="More actions" disabled={busy}>
              <Ellipsis aria-hidden />
            </Button>
          </MenuTrigger>
          <MenuContent align="end" className="w-60">
            <MenuItem disabled={!canPush || isLocked} onSelect={props.onPush}>
              <ArrowUpFromLine aria-hidden />
              Push…
            </MenuItem>
            <MenuItem disabled={!canPull || isLocked} onSelect={props.onPull}>
              <ArrowDownToLine aria-hidden />
              Pull
            </MenuItem>
            <MenuSeparator />
            <MenuItem
              danger
              disabled={!canPull || hasNothing || (isLocked && view.status !== "conflict")}
              onSelect={props.onDiscard}
            >
              <Trash2 aria-hidden />
              {hasNothing
                ? "No local changes to discard"
                : `Discard ${count(view.changes.length, "local change")}…`}
            </MenuItem>
          </MenuContent>
        </Menu>
      )}
    </>
  );
}

function PrimaryButton({
  action,
  disabled,
  busy,
  onPush,
  onPull,
  onResolve,
}: SyncActionsProps & { action: Primary; disabled: boolean }) {
  switch (action) {
    case "save":
      return (
        <Button variant="primary" disabled={disabled} busy={busy} onClick={onPush}>
          Save a version…
        </Button>
      );
    case "resolve":
      return (
        <Button variant="primary" onClick={onResolve}>
          <GitMerge aria-hidden />
          Resolve…
        </Button>
      );
    case "pull":
      return (
        <Button variant="primary" disabled={disabled} busy={busy} onClick={onPull}>
          {!busy && <ArrowDownToLine aria-hidden />}
          Pull
        </Button>
      );
    case "push":
      return (
        <Button variant="primary" disabled={disabled} busy={busy} onClick={onPush}>
          {!busy && <ArrowUpFromLine aria-hidden />}
          Push…
        </Button>
      );
    case "nothing":
      return (
        <span className="inline-flex h-8 items-center gap-1.5 px-2 font-medium text-success">
          <Check aria-hidden className="size-4" />
          Up to date
        </span>
      );
  }
}
