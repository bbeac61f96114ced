"use client";

import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { FileX2, Lock, Save, Trash2 } from "lucide-react";
import { toast } from "sonner";
import { toApiError, type ApiError } from "@/lib/client/api";
import { bytes, clockTime } from "@/lib/client/format";
import { useDeleteSource, useSaveSource } from "@/lib/client/mutations";
import { readSource, useSource, type SourceText } from "@/lib/client/queries";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorPanel, Skeleton } from "@/components/ui/states";
import { CopyButton } from "@/components/ui/text";
import type { CodeProblem } from "@/components/ui/code/code-editor";
import { DeleteFileDialog } from "./delete-file-dialog";
import { dropDraft, keepDraft, useDrafts } from "./draft-store";
import type { Source } from "./file-tree";
import { PartProblem } from "./part-problem";
import { SaveConflict } from "./save-conflict";

const CodeEditor = dynamic(
  () => import("@/components/ui/code/code-editor").then((module) => module.CodeEditor),
  {
    ssr: false,
    loading: () => <EditorSkeleton />,
  },
);

interface EditorPaneProps {
  slug: string;
  file: Source;
  readOnly: boolean;
  onDeleted: () => void;
}

/** One file: read, edited, saved or deleted. */
export function EditorPane(props: EditorPaneProps) {
  const { slug, file } = props;
  const source = useSource(slug, file.text ? file.path : undefined);
  if (!file.text) {
    return (
      <EmptyState icon={FileX2} title={`${file.path} is not text`}>
        {bytes(file.size)}, carried byte for byte through every push, pull and rollback. It cannot be edited
        here.
      </EmptyState>
    );
  }
  if (source.error && !source.data) {
    return (
      <ErrorPanel className="m-4" error={toApiError(source.error)} onRetry={() => void source.refetch()} />
    );
  }
  if (!source.data) return <EditorSkeleton />;
  return <LoadedEditor {...props} loaded={source.data} />;
}

function EditorSkeleton() {
  return (
    <div role="status" aria-label="Loading the file" className="flex flex-col gap-2.5 p-5">
      {[40, 64, 30, 52, 46, 70, 24].map((width) => (
        <Skeleton key={width} className="h-3.5" style={{ width: `${String(width)}%` }} />
      ))}
    </div>
  );
}

function problemsOf(error: ApiError | null): CodeProblem[] | undefined {
  const line = error?.code === "UnreadableContent" ? error.details["line"] : undefined;
  return error && typeof line === "number" ? [{ line, message: error.message }] : undefined;
}

function useFileSaving(slug: string, path: string, loaded: SourceText) {
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

function LoadedEditor({ slug, file, readOnly, onDeleted, loaded }: EditorPaneProps & { loaded: SourceText }) {
  const editing = useFileSaving(slug, file.path, loaded);
  const remove = useDeleteSource(slug);
  const [deleting, setDeleting] = useState(false);
  const { draft, saved, start, conflict, error } = editing;
  const problems = useMemo(() => problemsOf(error), [error]);
  const isYaml = /\.ya?ml$/i.test(file.path);
  const isFixed = file.path === "index.yml" || file.path === "security.yml";

  return (
    <>
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-1.5">
        <h2 className="min-w-0 truncate font-mono text-sm font-medium" title={file.path}>
          {file.path}
        </h2>
        <CopyButton value={file.path} label="Copy the path" />
        {readOnly && (
          <Badge tone="locked" icon={Lock}>
            Read only
          </Badge>
        )}
        <span role="status" className="ml-auto text-xs text-muted">
          {draft ? "Not saved" : saved.at ? `Saved ${clockTime(saved.at)}` : ""}
        </span>
        {!readOnly && (
          <>
            {!isFixed && (
              <Button
                variant="ghost"
                size="icon"
                aria-label={`Delete ${file.path}`}
                title="Delete"
                onClick={() => {
                  setDeleting(true);
                }}
              >
                <Trash2 aria-hidden />
              </Button>
            )}
            {draft && (
              <Button
                variant="ghost"
                onClick={() => {
                  editing.take({ text: saved.text, etag: saved.etag });
                }}
              >
                Revert
              </Button>
            )}
            <Button variant="primary" disabled={!draft} busy={editing.isSaving} onClick={editing.save}>
              <Save aria-hidden />
              Save
            </Button>
          </>
        )}
      </header>
      {error && error.code !== "PreconditionFailed" && (
        <ErrorPanel className="m-3 shrink-0" title="Not saved" error={error} />
      )}
      {!error && <PartProblem slug={slug} path={file.path} />}
      {conflict && draft && (
        <SaveConflict
          path={file.path}
          theirs={conflict.text}
          mine={draft.text}
          busy={editing.isSaving}
          onTakeTheirs={() => {
            editing.take(conflict);
          }}
          onOverwrite={editing.overwrite}
        />
      )}
      <div className="min-h-0 flex-1">
        <CodeEditor
          documentKey={`${file.path}#${String(start.key)}`}
          initialText={start.text}
          label={`Contents of ${file.path}`}
          language={isYaml ? "yaml" : "text"}
          readOnly={readOnly}
          onChange={editing.edit}
          onSave={editing.save}
          {...(problems ? { problems } : {})}
        />
      </div>
      <DeleteFileDialog
        path={file.path}
        open={deleting}
        onOpenChange={setDeleting}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => {
          remove.mutate(
            { path: file.path, etag: saved.etag },
            {
              onSuccess: () => {
                dropDraft(slug, file.path);
                setDeleting(false);
                toast.success(`${file.path} deleted`);
                onDeleted();
              },
            },
          );
        }}
      />
    </>
  );
}
