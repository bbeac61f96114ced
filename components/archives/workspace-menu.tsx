"use client";

import { useState } from "react";
import { Download, Ellipsis, Upload, UserPlus } from "lucide-react";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import { exportPath } from "@/lib/client/archives";
import { SharingDialog } from "@/components/sharing/sharing-dialog";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import { ImportDialog } from "./import-dialog";

/** What can be done with a workspace as a whole: take it away as an archive, or bring one in. */
export function WorkspaceMenu({ workspace }: { workspace: WorkspaceDetail }) {
  const [isImporting, setImporting] = useState(false);
  const [isSharing, setSharing] = useState(false);
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
              setSharing(true);
            }}
          >
            <UserPlus aria-hidden />
            Share…
          </MenuItem>
          <MenuItem asChild>
            <a href={exportPath(slug)} download>
              <Download aria-hidden />
              Export as an archive
            </a>
          </MenuItem>
          <MenuItem
            disabled={!permissions.includes("update") || writeLock !== undefined}
            onSelect={() => {
              setImporting(true);
            }}
          >
            <Upload aria-hidden />
            Import archive…
          </MenuItem>
        </MenuContent>
      </Menu>
      {isSharing && <SharingDialog workspace={{ slug, name }} open onOpenChange={setSharing} />}
      {isImporting && <ImportDialog workspace={{ slug, name }} open onOpenChange={setImporting} />}
    </>
  );
}
