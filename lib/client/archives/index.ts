"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { z } from "zod";
import { archives } from "@/lib/contract/archives";
import { versions } from "@/lib/contract/versions";
import { toApiError, type ApiError } from "../api";
import { send, workspaceNamed } from "../api/call";
import { download, type Downloaded } from "./download";
import { bytes } from "../format";
import { AT_ONCE, refresh, started } from "../mutations";

/** Saves a version as an archive; a notification says how it went. */
export function exportVersion(slug: string, version: { name: string; repository: { id: string } }): void {
  const { name, repository } = version;
  const answer = send(versions.export, {
    params: { ...workspaceNamed(slug), name },
    query: { repository: repository.id },
  });
  toast.promise(download(answer), {
    loading: `Exporting ${name}`,
    success: ({ fileName, size }) => ({
      message: `${name} was exported`,
      description: `${fileName}, ${bytes(size)}, is among the downloads of this browser.`,
    }),
    error: (error: unknown) => ({
      message: `${name} was not exported`,
      description: toApiError(error).message,
    }),
  });
}

/** Workspaces that one request may name. */
export const MOST_EXPORTED = 1000;

/** Asks for an archive, until the signal says that nobody wants it any more. */
export type AskForArchive = (signal: AbortSignal) => Promise<Response>;

/** One workspace as an archive, with its versions where they are wanted. */
export const askForOne =
  (slug: string, history: boolean): AskForArchive =>
  (signal) =>
    send(archives.exportOne, { params: workspaceNamed(slug), query: { history }, signal });

/** Several workspaces as one archive. */
export const askForMany =
  (ids: string[], includeApps: boolean): AskForArchive =>
  (signal) =>
    send(archives.exportMany, { body: { workspaces: { query: { ids } }, includeApps }, signal });

interface Download {
  ask: AskForArchive;
  signal: AbortSignal;
  /** Told how many bytes came so far. */
  onProgress: (received: number) => void;
}

/** Saves an archive. */
export function useDownload() {
  return useMutation<Downloaded, ApiError, Download>({
    mutationFn: ({ ask, signal, onProgress }) => download(ask(signal), onProgress),
  });
}

interface ImportTarget {
  /** Into this one workspace. */
  slug?: string;
  /** Only into these, of all that the archive holds. */
  ids?: readonly string[];
}

/** Uploads an archive: into a workspace, into several, or as new ones; answers the operation that imports it. */
export function useImportArchive({ slug, ids }: ImportTarget) {
  const client = useQueryClient();
  return useMutation<string, ApiError, { file: File; prune: boolean }>({
    mutationFn: ({ file, prune }) => {
      const form = new FormData();
      form.append("archive", file, "archive.zip");
      const query = { prune, ...AT_ONCE };
      return started(
        slug === undefined
          ? send(archives.importMany, { query: { ...query, ids }, form })
          : send(archives.importInto, { params: workspaceNamed(slug), query, form }),
      );
    },
    onSettled: () => void refresh(client, slug),
  });
}

const Paths = z.array(z.string()).catch([]);

/** What an import did, as its operation remembers it. */
export const ImportedArchive = z.object({
  imported: Paths,
  deleted: Paths,
  excluded: Paths,
  errors: z.array(z.looseObject({ err: z.string(), msg: z.string() })).catch([]),
  warnings: z.array(z.object({ path: z.string(), message: z.string() })).catch([]),
  workspaces: z
    .array(z.object({ slug: z.string(), status: z.string() }))
    .optional()
    .catch(undefined),
  createdWorkspaceIds: Paths,
  updatedWorkspaceIds: Paths,
  snapshot: z.object({ name: z.string() }).optional().catch(undefined),
});
export type ImportedArchive = z.infer<typeof ImportedArchive>;
