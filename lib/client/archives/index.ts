"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { z } from "zod";
import { withQuery, send, toApiError, type ApiError } from "../api";
import { download, type Downloaded, type DownloadOptions } from "./download";
import { bytes } from "../format";
import { refresh, started } from "../mutations";
import { workspacePath } from "../queries";

/** Where a workspace is downloaded as an archive. */
export function exportPath(slug: string, { history }: { history: boolean }): string {
  return withQuery(`${workspacePath(slug)}/export`, { history });
}

/** Where a version of it is. */
export function versionExportPath(
  slug: string,
  version: { name: string; repository: { id: string } },
): string {
  const path = `${workspacePath(slug)}/versions/${encodeURIComponent(version.name)}/export`;
  return withQuery(path, { repository: version.repository.id });
}

/** Saves a version as an archive; a notification says how it went. */
export function exportVersion(name: string, path: string): void {
  toast.promise(download(path), {
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

/** Saves an archive. */
export function useDownload() {
  return useMutation<Downloaded, ApiError, DownloadOptions & { path: string }>({
    mutationFn: ({ path, ...options }) => download(path, options),
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
    mutationFn: async ({ file, prune }) => {
      const form = new FormData();
      form.append("archive", file, "archive.zip");
      const path = slug === undefined ? "/v2/workspaces/import" : `${workspacePath(slug)}/import`;
      return started(await send(withQuery(path, { prune, ids, timeout: "0" }), { method: "POST", form }));
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
