"use client";

import { useQuery } from "@tanstack/react-query";
import { repositories } from "@/lib/contract/versions";
import { toApiError } from "../api";
import { call, workspaceNamed } from "../api/call";
import { needsLook, withLook } from "./with-look";

/**
 * How a workspace stands against one repository. The answer of the server comes at once; the remote, which takes
 * longer, is asked where there is something to pull or to resolve, and on request.
 */
export function useSync(slug: string, repository: string) {
  const ask = (check: boolean) =>
    call(repositories.sync, { params: workspaceNamed(slug), query: { repository, check } });
  const known = useQuery({
    queryKey: ["workspace", slug, "sync", repository],
    queryFn: () => ask(false),
  });
  const look = useQuery({
    // Apart from what belongs to the workspace: that is asked for again after each change, and no remote should be.
    queryKey: ["look", slug, repository],
    queryFn: () => ask(true),
    enabled: ({ state }) => needsLook(withLook(known, state)),
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
  });
  return {
    view: withLook(known, look),
    error: known.error,
    refetch: known.refetch,
    isChecking: look.isFetching,
    checkError: look.error && !look.isFetching ? toApiError(look.error) : null,
    check: () => void look.refetch(),
  };
}
