"use client";

import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { BulkImportSummary, BulkPushSummary } from "@/lib/domain/bulk";
import type { BulkImportRequest, BulkPushRequest } from "@/lib/domain/bulk";
import { WorkspaceSummary, type CreateWorkspace } from "@/lib/domain/workspace";
import type { CreateVersion, PullRequest, RollbackRequest } from "@/lib/domain/version";
import { ApiError, call, send } from "./api";
import { sourcePath, workspacePath } from "./queries";

/** Asks for what may have changed in the fleet and in one workspace. */
export async function refresh(client: QueryClient, slug?: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ["fleet"] }),
    client.invalidateQueries({ queryKey: ["platform"] }),
    client.invalidateQueries({ queryKey: ["operations"] }),
    // The open file of the editor is left alone: it may hold unsaved text and is guarded by its tag.
    client.invalidateQueries({
      predicate: ({ queryKey: [kind, name, part] }) =>
        kind === "workspace" && (slug === undefined || name === slug) && part !== "source",
    }),
  ]);
}

/** Starts an operation and answers its id at once; how it goes is told by the operation's own stream. */
async function start(path: string, json: unknown): Promise<string> {
  return started(await send(`${path}?timeout=0`, { method: "POST", json }));
}

/** The operation that an answer says was started. */
export async function started(response: Response): Promise<string> {
  const id = response.headers.get("x-operation-id");
  await response.body?.cancel();
  if (!id) {
    throw new ApiError(
      "UnexpectedAnswer",
      "The server started nothing that can be followed. Look at Operations, then try again.",
      response.status,
    );
  }
  return id;
}

function useStart<Input>(slug: string | undefined, begin: (input: Input) => Promise<string>) {
  const client = useQueryClient();
  return useMutation<string, ApiError, Input>({
    mutationFn: begin,
    onSettled: () => void refresh(client, slug),
  });
}

export function usePush(slug: string) {
  return useStart<CreateVersion>(slug, (body) => start(`${workspacePath(slug)}/versions`, body));
}

export function usePull(slug: string) {
  return useStart<PullRequest>(slug, (body) => start(`${workspacePath(slug)}/versions/latest/pull`, body));
}

export function useDetach(slug: string) {
  const client = useQueryClient();
  return useMutation<unknown, ApiError, string>({
    mutationFn: (repositoryId) =>
      send(`${workspacePath(slug)}/repositories/${encodeURIComponent(repositoryId)}/state`, {
        method: "DELETE",
      }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["workspace", slug] }),
  });
}

export function useRollback(slug: string) {
  return useStart<RollbackRequest & { version: string }>(slug, ({ version, ...body }) =>
    start(`${workspacePath(slug)}/versions/${encodeURIComponent(version)}/rollback`, body),
  );
}

const PLATFORM = "/v2/workspaces/platform/versions";

export function useBulkPush() {
  return useStart<BulkPushRequest>(undefined, (body) => start(PLATFORM, body));
}

export function useBulkImport() {
  return useStart<BulkImportRequest>(undefined, (body) => start(`${PLATFORM}/latest/pull`, body));
}

export function usePushPlan() {
  return useMutation<BulkPushSummary, ApiError, BulkPushRequest>({
    mutationFn: (body) =>
      call(`${PLATFORM}?timeout=600`, BulkPushSummary, { method: "POST", json: { ...body, dryRun: true } }),
  });
}

export function useImportPlan() {
  return useMutation<BulkImportSummary, ApiError, BulkImportRequest>({
    mutationFn: (body) =>
      call(`${PLATFORM}/latest/pull?timeout=600`, BulkImportSummary, {
        method: "POST",
        json: { ...body, dryRun: true },
      }),
  });
}

export function useCancelOperation() {
  const client = useQueryClient();
  return useMutation<unknown, ApiError, string>({
    mutationFn: (id) => send(`/v2/operations/${id}/cancel`, { method: "POST" }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["operations"] }),
  });
}

export function useRetryOperation() {
  return useStart<string>(undefined, (id) => start(`/v2/operations/${id}/retry`, undefined));
}

export function useCreateWorkspace() {
  const client = useQueryClient();
  return useMutation<{ slug: string; name: string }, ApiError, CreateWorkspace>({
    mutationFn: (json) =>
      call("/v2/workspaces", WorkspaceSummary.pick({ slug: true, name: true }), { method: "POST", json }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["fleet"] }),
  });
}

/** Takes a write lock away; the reason is kept in the activity. */
export function useClearLock(slug: string) {
  const client = useQueryClient();
  return useMutation<unknown, ApiError, { reason: string }>({
    mutationFn: (json) => send(`${workspacePath(slug)}/writeLock`, { method: "DELETE", json }),
    onSettled: () => void refresh(client, slug),
  });
}

/** Locks a workspace by hand; everybody who meets the lock is shown the reason. */
export function useSetLock(slug: string) {
  const client = useQueryClient();
  return useMutation<unknown, ApiError, { reason: string }>({
    mutationFn: (json) => send(`${workspacePath(slug)}/writeLock`, { method: "POST", json }),
    onSettled: () => void refresh(client, slug),
  });
}

interface SaveSource {
  path: string;
  text: string;
  /** Tag of the text that was edited; null for a new file. */
  etag: string | null;
}

/** Writes one file. Refused with PreconditionFailed when it changed meanwhile. */
export function useSaveSource(slug: string) {
  const client = useQueryClient();
  return useMutation<{ etag: string }, ApiError, SaveSource>({
    mutationFn: async ({ path, text, etag }) => {
      const response = await send(sourcePath(slug, path), {
        method: "PUT",
        text,
        contentType: /\.ya?ml$/i.test(path) ? "text/yaml" : "text/plain; charset=utf-8",
        headers: etag === null ? { "if-none-match": "*" } : { "if-match": etag },
      });
      return { etag: response.headers.get("etag") ?? "" };
    },
    onSuccess: () => void refresh(client, slug),
  });
}

export function useDeleteSource(slug: string) {
  const client = useQueryClient();
  return useMutation<unknown, ApiError, { path: string; etag?: string }>({
    mutationFn: ({ path, etag }) =>
      send(sourcePath(slug, path), { method: "DELETE", headers: etag ? { "if-match": etag } : {} }),
    onSuccess: () => void refresh(client, slug),
  });
}
