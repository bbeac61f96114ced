"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { withQuery, send, type ApiError } from "./api";
import { refresh, started } from "./mutations";
import { workspacePath } from "./queries";

/** Where a workspace, or a version of it, is downloaded as an archive. */
export function exportPath(slug: string, version?: { name: string; repository: { id: string } }): string {
  if (!version) return `${workspacePath(slug)}/export`;
  const path = `${workspacePath(slug)}/versions/${encodeURIComponent(version.name)}/export`;
  return withQuery(path, { repository: version.repository.id });
}

/** Uploads an archive into a workspace, or as new ones without a slug; answers the operation that imports it. */
export function useImportArchive(slug: string | undefined) {
  const client = useQueryClient();
  return useMutation<string, ApiError, { file: File; prune: boolean }>({
    mutationFn: async ({ file, prune }) => {
      const form = new FormData();
      form.append("archive", file, "archive.zip");
      const path = slug === undefined ? "/v2/workspaces/import" : `${workspacePath(slug)}/import`;
      return started(await send(withQuery(`${path}`, { prune, timeout: "0" }), { method: "POST", form }));
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
  createdWorkspaceIds: Paths,
  updatedWorkspaceIds: Paths,
  snapshot: z.object({ name: z.string() }).optional().catch(undefined),
});
export type ImportedArchive = z.infer<typeof ImportedArchive>;
