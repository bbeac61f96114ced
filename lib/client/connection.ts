"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ConnectionReport } from "@/lib/domain/wire/connection";
import { platform } from "@/lib/contract/platform";
import { repositories } from "@/lib/contract/versions";
import type { ApiError } from "./api";
import { call, workspaceNamed } from "./api/call";
import { useMe } from "./queries";

const HOST_KEYS = ["hostKeys"];

/** Tries every step of using a repository. */
export function useConnectionTest(slug: string, repositoryId: string) {
  const client = useQueryClient();
  const params = { ...workspaceNamed(slug), repositoryId };
  return useMutation<ConnectionReport, ApiError>({
    mutationFn: () => call(repositories.test, { params }),
    // The test pins the key of a server that is seen for the first time.
    onSettled: () => client.invalidateQueries({ queryKey: HOST_KEYS }),
  });
}

/** The pinned keys of SSH servers, for whoever may see the platform. */
export function useHostKeys() {
  const { data: me } = useMe();
  return useQuery({
    queryKey: HOST_KEYS,
    queryFn: () => call(platform.listHostKeys),
    enabled: me?.platformPermissions.includes("read") ?? false,
    retry: false,
  });
}

export function useForgetHostKey() {
  const client = useQueryClient();
  return useMutation<unknown, ApiError, SshServer>({
    mutationFn: ({ host, port }) => {
      const name = host.includes(":") ? `[${host}]` : host;
      return call(platform.forgetHostKeys, { params: { host: `${name}:${String(port)}` } });
    },
    onSettled: () => client.invalidateQueries({ queryKey: HOST_KEYS }),
  });
}

export interface SshServer {
  host: string;
  port: number;
}

/** The server of a repository's URL when it is spoken to over SSH, in either of git's forms. */
export function sshServerOf(url: string | undefined): SshServer | null {
  const [, host, port] =
    /^(?:git\+)?ssh:\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^/:]+)(?::(\d+))?\//i.exec(url ?? "") ??
    /^(?:[^@/:]+@)?(\[[^\]]+\]|[^/:@]+):(?!\/\/)/.exec(url ?? "") ??
    [];
  if (host === undefined) return null;
  return { host: host.replace(/^\[|\]$/g, "").toLowerCase(), port: port === undefined ? 22 : Number(port) };
}
