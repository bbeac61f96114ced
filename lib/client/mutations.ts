"use client";

import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { BulkImportSummary, BulkPushSummary } from "@/lib/domain/bulk";
import type { BulkImportRequest, BulkPushRequest } from "@/lib/domain/bulk";
import { type CreateWorkspace } from "@/lib/domain/workspace";
import type { CreateVersion, PullRequest, RollbackRequest } from "@/lib/domain/version";
import { files } from "@/lib/contract/files";
import { operations } from "@/lib/contract/operations";
import { platform } from "@/lib/contract/platform";
import { repositories, versions, writeLock } from "@/lib/contract/versions";
import { workspaces } from "@/lib/contract/workspaces";
import { ApiError } from "./api";
import { call, callAs, send, workspaceNamed } from "./api/call";

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

/** Answers at once with the id of the operation; how that goes is told by its own stream. */
export const AT_ONCE = { timeout: 0 };

/** The operation that an answer says was started. */
export async function started(answer: Promise<Response>): Promise<string> {
  const response = await answer;
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
  return useStart<CreateVersion>(slug, (body) =>
    started(send(versions.create, { params: workspaceNamed(slug), query: AT_ONCE, body })),
  );
}

export function usePull(slug: string) {
  return useStart<PullRequest>(slug, (body) =>
    started(
      send(versions.pull, { params: { ...workspaceNamed(slug), name: "latest" }, query: AT_ONCE, body }),
    ),
  );
}

export function useDetach(slug: string) {
  const client = useQueryClient();
  return useMutation<unknown, ApiError, string>({
    mutationFn: (repositoryId) =>
      call(repositories.detach, { params: { ...workspaceNamed(slug), repositoryId } }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["workspace", slug] }),
  });
}

export function useRollback(slug: string) {
  return useStart<RollbackRequest & { version: string }>(slug, ({ version, ...body }) =>
    started(
      send(versions.rollback, { params: { ...workspaceNamed(slug), name: version }, query: AT_ONCE, body }),
    ),
  );
}

export function useBulkPush() {
  return useStart<BulkPushRequest>(undefined, (body) =>
    started(send(platform.push, { query: AT_ONCE, body })),
  );
}

export function useBulkImport() {
  return useStart<BulkImportRequest>(undefined, (body) =>
    started(send(platform.pull, { query: AT_ONCE, body })),
  );
}

const PLANNED = { timeout: 600 };

export function usePushPlan() {
  return useMutation<BulkPushSummary, ApiError, BulkPushRequest>({
    mutationFn: (body) =>
      callAs(BulkPushSummary, platform.push, { query: PLANNED, body: { ...body, dryRun: true } }),
  });
}

export function useImportPlan() {
  return useMutation<BulkImportSummary, ApiError, BulkImportRequest>({
    mutationFn: (body) =>
      callAs(BulkImportSummary, platform.pull, { query: PLANNED, body: { ...body, dryRun: true } }),
  });
}

export function useCancelOperation() {
  const client = useQueryClient();
  return useMutation<unknown, ApiError, string>({
    mutationFn: (operationId) => call(operations.cancel, { params: { operationId } }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["operations"] }),
  });
}

export function useRetryOperation() {
  return useStart<string>(undefined, (operationId) =>
    started(send(operations.retry, { params: { operationId } })),
  );
}

export function useCreateWorkspace() {
  const client = useQueryClient();
  return useMutation<{ slug: string; name: string }, ApiError, CreateWorkspace>({
    mutationFn: (body) => call(workspaces.create, { body }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["fleet"] }),
  });
}

/** Takes a write lock away; the reason is kept in the activity. */
export function useClearLock(slug: string) {
  const client = useQueryClient();
  return useMutation<unknown, ApiError, { reason: string }>({
    mutationFn: (body) => call(writeLock.clear, { params: workspaceNamed(slug), body }),
    onSettled: () => void refresh(client, slug),
  });
}

/** Locks a workspace by hand; everybody who meets the lock is shown the reason. */
export function useSetLock(slug: string) {
  const client = useQueryClient();
  return useMutation<unknown, ApiError, { reason: string }>({
    mutationFn: (body) => call(writeLock.set, { params: workspaceNamed(slug), body }),
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
      const response = await send(files.write, {
        params: { ...workspaceNamed(slug), path },
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
      call(files.remove, {
        params: { ...workspaceNamed(slug), path },
        headers: etag ? { "if-match": etag } : {},
      }),
    onSuccess: () => void refresh(client, slug),
  });
}
