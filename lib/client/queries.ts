"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { z } from "zod";
import {
  FileSides,
  Me,
  OperationList,
  PlatformView,
  RepositoryListing,
  SourceList,
  VersionChanges,
  WorkspaceDetail,
  WorkspaceStatus,
  FleetCounts,
} from "@/lib/domain/wire/api";
import { Version } from "@/lib/domain/version";
import { WorkspaceSummary } from "@/lib/domain/workspace";
import { call, send, withQuery } from "./api";
import { FLEET_PAGE, keys, type FleetFilter } from "./keys";

/** Where a workspace lives in the API, by its slug. */
export function workspacePath(slug: string): string {
  return `/v2/workspaces/${slug === "platform" ? "platform" : `slug:${slug}`}`;
}

/** The address of one file: segments are encoded, slashes stay. */
export function sourcePath(slug: string, path: string): string {
  return `${workspacePath(slug)}/sources/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** So many pages of the fleet are kept fresh by themselves. */
const MOST_REFRESHED = 5;

const People = z.array(
  z.object({ id: z.string(), email: z.string().optional(), firstName: z.string(), lastName: z.string() }),
);

export function useMe() {
  return useQuery({ queryKey: keys.me, queryFn: () => call("/v2/me", Me), staleTime: 300_000 });
}

export function usePlatform() {
  return useQuery({
    queryKey: ["platform"],
    queryFn: () => call("/v2/platform", PlatformView),
    staleTime: 15_000,
  });
}

/** Turns a user's id into a name to show. */
export function usePeople(): (id: string | undefined, known?: string) => string {
  const { data: me } = useMe();
  const { data: people } = useQuery({
    queryKey: ["people"],
    queryFn: () => call("/v2/users", People),
    staleTime: 300_000,
    retry: false,
  });
  return useCallback(
    (id, known = "someone") => {
      if (!id) return known;
      if (id === me?.id) return "you";
      if (id === "system") return "Switchyard";
      const person = people?.find((candidate) => candidate.id === id);
      if (!person) return known;
      const name = `${person.firstName} ${person.lastName}`.trim();
      return name || (person.email ?? known);
    },
    [me, people],
  );
}

export function useFleetCounts() {
  return useQuery({
    queryKey: keys.counts,
    queryFn: () => call("/v2/workspaces/counts", FleetCounts),
    refetchInterval: 15_000,
  });
}

export function useFleet(filter: FleetFilter) {
  return useInfiniteQuery({
    queryKey: keys.fleet(filter),
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      call(
        withQuery("/v2/workspaces", { ...filter, page: pageParam, limit: FLEET_PAGE }),
        z.array(WorkspaceSummary),
        { signal },
      ),
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
    queryFn: ({ signal }) =>
      call(withQuery("/v2/workspaces", { ...query }), z.array(WorkspaceSummary), { signal }),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useWorkspace(slug: string) {
  return useQuery({
    queryKey: keys.workspace(slug),
    queryFn: () => call(workspacePath(slug), WorkspaceDetail),
    refetchInterval: 15_000,
  });
}

export function useSources(slug: string) {
  return useQuery({
    queryKey: ["workspace", slug, "sources"],
    queryFn: () => call(`${workspacePath(slug)}/sources`, SourceList),
  });
}

export interface SourceText {
  text: string;
  etag: string;
}

/** Reads one file as text, with the tag that guards its next write. */
export async function readSource(slug: string, path: string): Promise<SourceText> {
  const response = await send(sourcePath(slug, path), { headers: { accept: "text/yaml, text/plain, */*" } });
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
    queryFn: () => call(`${workspacePath(slug)}/status`, WorkspaceStatus.pick({ errors: true })),
    enabled,
  });
}

export function useRepositories(slug: string) {
  return useQuery({
    queryKey: ["workspace", slug, "repositories"],
    queryFn: () => call(`${workspacePath(slug)}/repositories`, z.array(RepositoryListing)),
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
    queryFn: () => call(withQuery(`${workspacePath(slug)}/sync/file`, { repository, path, side }), FileSides),
  });
}

export function useVersions(slug: string, repository?: string) {
  return useQuery({
    queryKey: ["workspace", slug, "versions", repository],
    queryFn: () =>
      call(withQuery(`${workspacePath(slug)}/versions`, { repository, limit: 200 }), z.array(Version)),
  });
}

const versionPath = (slug: string, name: string) =>
  `${workspacePath(slug)}/versions/${encodeURIComponent(name)}`;

export function useVersionChanges(slug: string, name: string, repository: string, enabled: boolean) {
  return useQuery({
    queryKey: ["workspace", slug, "version", repository, name],
    queryFn: () => call(withQuery(`${versionPath(slug, name)}/changes`, { repository }), VersionChanges),
    enabled,
    staleTime: 0,
  });
}

export function useVersionFile(slug: string, name: string, repository: string, path: string) {
  return useQuery({
    queryKey: ["workspace", slug, "version", repository, name, "file", path],
    queryFn: () => call(withQuery(`${versionPath(slug, name)}/file`, { repository, path }), FileSides),
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
    queryFn: () => call(withQuery("/v2/operations", { ...filter }), OperationList),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
}
