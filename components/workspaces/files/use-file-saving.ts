"use client";

import { useState } from "react";
import { toast } from "sonner";
import { toApiError } from "@/lib/client/api";
import { useSaveSource } from "@/lib/client/mutations";
import { readSource, type SourceText } from "@/lib/client/queries";
import { dropDraft, keepDraft, useDrafts } from "./draft-store";

/** The text of one open file: what was typed, what is saved, and a conflict with what others have saved since. */
export function useFileSaving(slug: string, path: string, loaded: SourceText) {
  const draft = useDrafts(slug).get(path);
  const [saved, setSaved] = useState<SourceText & { at: string | null }>({ ...loaded, at: null });
  const [start, setStart] = useState({ key: 0, text: draft?.text ?? loaded.text });
  const [conflict, setConflict] = useState<SourceText | null>(null);
  const save = useSaveSource(slug);

  function write(etag: string, text: string): void {
    save.mutate(
      { path, text, etag },
      {
        onSuccess: (result) => {
          setSaved({ text, etag: result.etag, at: new Date().toISOString() });
          setConflict(null);
          dropDraft(slug, path);
        },
        onError: (error) => {
          if (error.code !== "PreconditionFailed") return;
          readSource(slug, path).then(setConflict, (cause: unknown) => {
            toast.error("The file cannot be read", { description: toApiError(cause).message });
          });
        },
      },
    );
  }

  return {
    draft,
    saved,
    start,
    conflict,
    error: save.error,
    isSaving: save.isPending,
    edit: (text: string): void => {
      if (text === saved.text) dropDraft(slug, path);
      else keepDraft(slug, path, { text, etag: draft?.etag ?? saved.etag });
    },
    save: (): void => {
      if (draft && !save.isPending) write(draft.etag, draft.text);
    },
    /** Puts another text in the editor and forgets what was typed. */
    take: (source: SourceText): void => {
      dropDraft(slug, path);
      setSaved({ ...source, at: null });
      setConflict(null);
      setStart(({ key }) => ({ key: key + 1, text: source.text }));
      save.reset();
    },
    overwrite: (): void => {
      if (draft && conflict) write(conflict.etag, draft.text);
    },
  };
}

export type FileSaving = ReturnType<typeof useFileSaving>;
