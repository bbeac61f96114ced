"use client";

import { useState } from "react";
import { Copy, Download, Ellipsis, Lock, Upload, UserPlus } from "lucide-react";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import { SharingDialog } from "@/components/sharing/sharing-dialog";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import { DuplicateDialog } from "@/components/workspaces/duplicate-dialog";
import { LockDialog } from "@/components/workspaces/lock-dialogs";
import { ExportWorkspaceDialog } from "./export-dialog";
import { ImportDialog } from "./import-dialog";

/** What can be done with a workspace as a whole: share it, copy it, lock it, take it away as an archive, or bring one in. */
export function WorkspaceMenu({ workspace }: { workspace: WorkspaceDetail }) {
  const [dialog, setDialog] = useState<"share" | "duplicate" | "export" | "import" | "lock" | null>(null);
  const close = () => {
    setDialog(null);
  };
  const { slug, name, permissions, writeLock } = workspace;
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button size="icon" aria-label={`More about ${name}`}>
            <Ellipsis aria-hidden />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem
            disabled={!permissions.includes("manage_permissions")}
            onSelect={() => {
              setDialog("share");
            }}
          >
            <UserPlus aria-hidden />
            Share…
          </MenuItem>
          {workspace.id !== PLATFORM_WORKSPACE_ID && (
            <MenuItem
              onSelect={() => {
                setDialog("duplicate");
              }}
            >
              <Copy aria-hidden />
              Duplicate…
            </MenuItem>
          )}
          <MenuItem
            onSelect={() => {
              setDialog("export");
            }}
          >
            <Download aria-hidden />
            Export as an archive…
          </MenuItem>
          <MenuItem
            disabled={!permissions.includes("update") || writeLock !== undefined}
            onSelect={() => {
              setDialog("import");
            }}
          >
            <Upload aria-hidden />
            Import archive…
          </MenuItem>
          <MenuItem
            disabled={!permissions.includes("manage_security") || writeLock !== undefined}
            onSelect={() => {
              setDialog("lock");
            }}
          >
            <Lock aria-hidden />
            Lock…
          </MenuItem>
        </MenuContent>
      </Menu>
      {dialog === "share" && <SharingDialog workspace={{ slug, name }} open onOpenChange={close} />}
      {dialog === "duplicate" && <DuplicateDialog workspace={{ slug, name }} onClose={close} />}
      {dialog === "lock" && <LockDialog workspace={{ slug, name }} onClose={close} />}
      {dialog === "export" && <ExportWorkspaceDialog workspace={{ slug, name }} onClose={close} />}
      {dialog === "import" && <ImportDialog workspace={{ slug, name }} open onOpenChange={close} />}
    </>
  );
}
