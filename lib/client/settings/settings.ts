"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { ConfigView } from "@/lib/domain/wire/contents";
import { CustomDomain } from "@/lib/domain/wire/custom-domain";
import { WorkspaceSummary, type PatchWorkspace } from "@/lib/domain/workspace";
import { call, send, withQuery, type ApiError } from "../api";
import { refresh } from "../mutations";
import { workspacePath } from "../queries";

const Secrets = z.record(
  z.string(),
  z.object({
    value: z.string(),
    description: z.string().optional(),
    environment: z.literal(true).optional(),
  }),
);
export type Secrets = z.infer<typeof Secrets>;

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
    queryFn: () => call(withQuery(`${workspacePath(slug)}/config`, { effective }), ConfigView),
    enabled,
  });
}

export function useSecrets(slug: string, enabled: boolean) {
  return useQuery({
    queryKey: ["workspace", slug, "secrets"],
    queryFn: () => call(`${workspacePath(slug)}/security/secrets`, Secrets),
    enabled,
    gcTime: 0,
  });
}

export function useDomains(slug: string) {
  return useQuery({
    queryKey: ["workspace", slug, "domains"],
    queryFn: () => call(`${workspacePath(slug)}/customDomains`, z.array(CustomDomain)),
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
  return useChange<PatchWorkspace, WorkspaceSummary>(slug, (json) =>
    call(workspacePath(slug), WorkspaceSummary, { method: "PATCH", json }),
  );
}

/** Stores the whole configuration; the server validates it by its schema. */
export function useSaveConfig(slug: string) {
  return useChange<Record<string, unknown>, ConfigView>(slug, (value) =>
    call(`${workspacePath(slug)}/config`, ConfigView, { method: "PUT", json: { value } }),
  );
}

export function usePatchSecrets(slug: string) {
  return useChange<Record<string, { value: string; description?: string } | null>, Secrets>(slug, (json) =>
    call(`${workspacePath(slug)}/security/secrets`, Secrets, { method: "PATCH", json }),
  );
}

const domainPath = (slug: string, domain: string) =>
  `${workspacePath(slug)}/customDomains/${encodeURIComponent(domain)}`;

export function useAddDomain(slug: string) {
  return useChange<string, CustomDomain>(slug, (domain) =>
    call(`${workspacePath(slug)}/customDomains`, CustomDomain, { method: "POST", json: { domain } }),
  );
}

export function useCheckDomain(slug: string) {
  return useChange<string, CustomDomain>(slug, (domain) =>
    call(`${domainPath(slug, domain)}/check`, CustomDomain, { method: "POST" }),
  );
}

export function useRemoveDomain(slug: string) {
  return useChange<string, unknown>(slug, (domain) => send(domainPath(slug, domain), { method: "DELETE" }));
}

export function useDuplicateWorkspace(slug: string) {
  return useChange<{ name: string; labels: string[] }, WorkspaceSummary>(slug, (json) =>
    call(`${workspacePath(slug)}/duplicate`, WorkspaceSummary, { method: "POST", json }),
  );
}

export function useDeleteWorkspace(slug: string) {
  const client = useQueryClient();
  return useMutation<unknown, ApiError>({
    mutationFn: () => send(workspacePath(slug), { method: "DELETE" }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["fleet"] }),
  });
}
