"use client";

import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { FileX2 } from "lucide-react";
import { toast } from "sonner";
import { toApiError, type ApiError } from "@/lib/client/api";
import { bytes } from "@/lib/client/format";
import { useDeleteSource } from "@/lib/client/mutations";
import { useSource, type SourceText } from "@/lib/client/queries";
import { EmptyState, ErrorPanel, Skeleton } from "@/components/ui/states";
import type { CodeProblem } from "@/components/ui/code/code-editor";
import { DeleteFileDialog } from "./delete-file-dialog";
import { dropDraft } from "./draft-store";
import type { Source } from "./file-tree";
import { PartProblem } from "./part-problem";
import { SaveConflict } from "./save-conflict";
import { useFileSaving } from "./use-file-saving";
import { EditorHeader } from "./editor-header";

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

function LoadedEditor({ slug, file, readOnly, onDeleted, loaded }: EditorPaneProps & { loaded: SourceText }) {
  const editing = useFileSaving(slug, file.path, loaded);
  const remove = useDeleteSource(slug);
  const [deleting, setDeleting] = useState(false);
  const { draft, saved, start, conflict, error } = editing;
  const problems = useMemo(() => problemsOf(error), [error]);
  const isYaml = /\.ya?ml$/i.test(file.path);

  return (
    <>
      <EditorHeader
        path={file.path}
        editing={editing}
        readOnly={readOnly}
        onDelete={() => {
          setDeleting(true);
        }}
      />
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
