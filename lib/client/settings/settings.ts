"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { ConfigView } from "@/lib/domain/wire/contents";
import type { CustomDomain } from "@/lib/domain/wire/custom-domain";
import type { WorkspaceSummary } from "@/lib/domain/workspace";
import { type PatchWorkspace } from "@/lib/domain/workspace";
import { config, domains } from "@/lib/contract/content";
import { secrets } from "@/lib/contract/security";
import { workspaces } from "@/lib/contract/workspaces";
import type { SecretsView } from "@/lib/domain/wire/secrets";
import type { ApiError } from "../api";
import { call, workspaceNamed } from "../api/call";
import { refresh } from "../mutations";

const Issues = z.array(z.object({ path: z.string(), message: z.string() }));

/** What the server says of single fields, by path below `value`. */
export function fieldProblems(error: ApiError | null): Map<string, string> {
  const issues = Issues.safeParse(error?.details["issues"]);
  if (!issues.success) return new Map();
  return new Map(issues.data.map(({ path, message }) => [path.replace(/^value\.?/, ""), message]));
}

export function useConfig(slug: string, effective = false, enabled = true) {
  return useQuery({
    queryKey: ["workspace", slug, "config", effective],
    queryFn: () => call(config.read, { params: workspaceNamed(slug), query: { effective } }),
    enabled,
  });
}

export function useSecrets(slug: string, enabled: boolean) {
  return useQuery({
    queryKey: ["workspace", slug, "secrets"],
    queryFn: () => call(secrets.list, { params: workspaceNamed(slug) }),
    enabled,
    gcTime: 0,
  });
}

export function useDomains(slug: string) {
  return useQuery({
    queryKey: ["workspace", slug, "domains"],
    queryFn: () => call(domains.list, { params: workspaceNamed(slug) }),
  });
}

function useChange<Input, Result>(slug: string, change: (input: Input) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation<Result, ApiError, Input>({
    mutationFn: change,
    onSuccess: () => void refresh(client, slug),
  });
}

export function usePatchWorkspace(slug: string) {
  return useChange<PatchWorkspace, WorkspaceSummary>(slug, (body) =>
    call(workspaces.patch, { params: workspaceNamed(slug), body }),
  );
}

/** Stores the whole configuration; the server validates it by its schema. */
export function useSaveConfig(slug: string) {
  return useChange<Record<string, unknown>, ConfigView>(slug, (value) =>
    call(config.put, { params: workspaceNamed(slug), body: { value } }),
  );
}

export function usePatchSecrets(slug: string) {
  return useChange<Record<string, { value: string; description?: string } | null>, SecretsView>(
    slug,
    (body) => call(secrets.patch, { params: workspaceNamed(slug), body }),
  );
}

export function useAddDomain(slug: string) {
  return useChange<string, CustomDomain>(slug, (domain) =>
    call(domains.claim, { params: workspaceNamed(slug), body: { domain } }),
  );
}

export function useCheckDomain(slug: string) {
  return useChange<string, CustomDomain>(slug, (domain) =>
    call(domains.check, { params: { ...workspaceNamed(slug), domain } }),
  );
}

export function useRemoveDomain(slug: string) {
  return useChange<string, unknown>(slug, (domain) =>
    call(domains.giveUp, { params: { ...workspaceNamed(slug), domain } }),
  );
}

export function useDuplicateWorkspace(slug: string) {
  return useChange<{ name: string; labels: string[] }, WorkspaceSummary>(slug, (body) =>
    call(workspaces.duplicate, { params: workspaceNamed(slug), body }),
  );
}

export function useDeleteWorkspace(slug: string) {
  const client = useQueryClient();
  return useMutation<unknown, ApiError>({
    mutationFn: () => call(workspaces.remove, { params: workspaceNamed(slug) }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["fleet"] }),
  });
}
