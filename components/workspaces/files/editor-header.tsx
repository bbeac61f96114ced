"use client";

import { Lock, Save, Trash2 } from "lucide-react";
import { clockTime } from "@/lib/client/format";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/text";
import type { FileSaving } from "./use-file-saving";

interface EditorHeaderProps {
  path: string;
  editing: FileSaving;
  readOnly: boolean;
  onDelete: () => void;
}

// Every workspace has these.
const FIXED = ["index.yml", "security.yml"];

/** The file's name, whether it is saved, and what to do with it. */
export function EditorHeader({ path, editing, readOnly, onDelete }: EditorHeaderProps) {
  const { draft, saved, isSaving, save, take } = editing;
  return (
    <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-1.5">
      <h2 className="min-w-0 truncate font-mono text-sm font-medium" title={path}>
        {path}
      </h2>
      <CopyButton value={path} label="Copy the path" />
      {readOnly && (
        <Badge tone="locked" icon={Lock}>
          Read only
        </Badge>
      )}
      <span role="status" className="ml-auto text-xs text-muted">
        {draft ? "Not saved" : saved.at ? `Saved ${clockTime(saved.at)}` : ""}
      </span>
      {!readOnly && !FIXED.includes(path) && (
        <Button variant="ghost" size="icon" aria-label={`Delete ${path}`} title="Delete" onClick={onDelete}>
          <Trash2 aria-hidden />
        </Button>
      )}
      {!readOnly && draft && (
        <Button
          variant="ghost"
          onClick={() => {
            take({ text: saved.text, etag: saved.etag });
          }}
        >
          Revert
        </Button>
      )}
      {!readOnly && (
        <Button variant="primary" disabled={!draft} busy={isSaving} onClick={save}>
          <Save aria-hidden />
          Save
        </Button>
      )}
    </header>
  );
}
