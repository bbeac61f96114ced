"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { files } from "@/lib/contract/files";
import { operations } from "@/lib/contract/operations";
import { account, people } from "@/lib/contract/people";
import { platform } from "@/lib/contract/platform";
import { repositories, versions } from "@/lib/contract/versions";
import { workspaces } from "@/lib/contract/workspaces";
import { call, send, workspaceNamed } from "./api/call";
import { FLEET_PAGE, keys, type FleetFilter } from "./keys";

/** So many pages of the fleet are kept fresh by themselves. */
const MOST_REFRESHED = 5;

export function useMe() {
  return useQuery({ queryKey: keys.me, queryFn: () => call(account.me), staleTime: 300_000 });
}

export function usePlatform() {
  return useQuery({
    queryKey: ["platform"],
    queryFn: () => call(platform.read),
    staleTime: 15_000,
  });
}

/** Turns a user's id into a name to show. */
export function usePeople(): (id: string | undefined, known?: string) => string {
  const { data: me } = useMe();
  const { data: persons } = useQuery({
    queryKey: ["people"],
    queryFn: () => call(people.list),
    staleTime: 300_000,
    retry: false,
  });
  return useCallback(
    (id, known = "someone") => {
      if (!id) return known;
      if (id === me?.id) return "you";
      if (id === "system") return "Switchyard";
      const person = persons?.find((candidate) => candidate.id === id);
      if (!person) return known;
      const name = `${person.firstName} ${person.lastName}`.trim();
      return name || (person.email ?? known);
    },
    [me, persons],
  );
}

export function useFleetCounts() {
  return useQuery({
    queryKey: keys.counts,
    queryFn: () => call(workspaces.counts),
    refetchInterval: 15_000,
  });
}

export function useFleet(filter: FleetFilter) {
  return useInfiniteQuery({
    queryKey: keys.fleet(filter),
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      call(workspaces.list, { query: { ...filter, page: pageParam, limit: FLEET_PAGE }, signal }),
    getNextPageParam: (last, pages) => (last.length < FLEET_PAGE ? undefined : pages.length),
    placeholderData: keepPreviousData,
    // Every page is asked for again: of a fleet that was scrolled through, that would be a hundred requests.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > MOST_REFRESHED ? false : 30_000),
  });
}

/** A few workspaces for the palette and the attention panel. */
export function useWorkspaces(query: FleetFilter & { limit: number }, enabled = true) {
  return useQuery({
    queryKey: ["fleet", "some", query],
    queryFn: ({ signal }) => call(workspaces.list, { query, signal }),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useWorkspace(slug: string) {
  return useQuery({
    queryKey: keys.workspace(slug),
    queryFn: () => call(workspaces.read, { params: workspaceNamed(slug) }),
    refetchInterval: 15_000,
  });
}

export function useSources(slug: string) {
  return useQuery({
    queryKey: ["workspace", slug, "sources"],
    queryFn: () => call(files.list, { params: workspaceNamed(slug) }),
  });
}

export interface SourceText {
  text: string;
  etag: string;
}

/** Reads one file as text, with the tag that guards its next write. */
export async function readSource(slug: string, path: string): Promise<SourceText> {
  const response = await send(files.read, {
    params: { ...workspaceNamed(slug), path },
    headers: { accept: "text/yaml, text/plain, */*" },
  });
  return { text: await response.text(), etag: response.headers.get("etag") ?? "" };
}

export function useSource(slug: string, path: string | undefined) {
  return useQuery({
    queryKey: ["workspace", slug, "source", path],
    queryFn: () => readSource(slug, path ?? ""),
    enabled: path !== undefined,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
}

/** The parts of a workspace that cannot be read, with the reasons. */
export function usePartProblems(slug: string, enabled: boolean) {
  return useQuery({
    queryKey: ["workspace", slug, "status"],
    queryFn: () => call(workspaces.status, { params: workspaceNamed(slug) }),
    enabled,
  });
}

export function useRepositories(slug: string) {
  return useQuery({
    queryKey: ["workspace", slug, "repositories"],
    queryFn: () => call(repositories.list, { params: workspaceNamed(slug) }),
  });
}

export function useSyncFile(
  slug: string,
  repository: string,
  path: string,
  side: "changes" | "updates" | "conflict",
) {
  return useQuery({
    queryKey: ["workspace", slug, "sync", repository, "file", side, path],
    queryFn: () =>
      call(repositories.syncFile, { params: workspaceNamed(slug), query: { repository, path, side } }),
  });
}

export function useVersions(slug: string, repository?: string) {
  return useQuery({
    queryKey: ["workspace", slug, "versions", repository],
    queryFn: () => call(versions.list, { params: workspaceNamed(slug), query: { repository, limit: 200 } }),
  });
}

export function useVersionChanges(slug: string, name: string, repository: string, enabled: boolean) {
  return useQuery({
    queryKey: ["workspace", slug, "version", repository, name],
    queryFn: () =>
      call(versions.changes, { params: { ...workspaceNamed(slug), name }, query: { repository } }),
    enabled,
    staleTime: 0,
  });
}

export function useVersionFile(slug: string, name: string, repository: string, path: string) {
  return useQuery({
    queryKey: ["workspace", slug, "version", repository, name, "file", path],
    queryFn: () =>
      call(versions.file, { params: { ...workspaceNamed(slug), name }, query: { repository, path } }),
  });
}

export interface OperationFilter {
  state?: string;
  kind?: string;
  workspaceId?: string;
  limit?: number;
  page?: number;
}

export function useOperations(filter: OperationFilter, refetchMs = 4000) {
  return useQuery({
    queryKey: ["operations", filter],
    queryFn: () => call(operations.list, { query: filter }),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
}
