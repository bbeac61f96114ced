"use client";

import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { z } from "zod";
import {
  AccessTokenView,
  AuditPage,
  CreatedAccessToken,
  PermissionsList,
  SessionView,
  UserView,
  UserWithLink,
} from "@/lib/domain/access";
import { call, send, withQuery, type ApiError } from "./api";
import { workspacePath } from "./queries";

const TOKENS = "/v2/user/accessTokens";
const SESSIONS = "/v2/user/sessions";

/** A change of something that one list shows; the list is read again afterwards. */
function useChange<Input, Output = unknown>(
  queryKey: readonly unknown[],
  change: (input: Input) => Promise<Output>,
) {
  const client = useQueryClient();
  return useMutation<Output, ApiError, Input>({
    mutationFn: change,
    onSettled: () => void client.invalidateQueries({ queryKey }),
  });
}

export function useTokens() {
  return useQuery({ queryKey: ["tokens"], queryFn: () => call(TOKENS, z.array(AccessTokenView)) });
}

export interface NewToken {
  name: string;
  scopes?: string[];
  expiresAt?: string;
}

export function useCreateToken() {
  return useChange<NewToken, CreatedAccessToken>(["tokens"], (json) =>
    call(TOKENS, CreatedAccessToken, { method: "POST", json }),
  );
}

export function useDeleteToken() {
  return useChange<string>(["tokens"], (id) =>
    send(`${TOKENS}/${encodeURIComponent(id)}`, { method: "DELETE" }),
  );
}

export function useSessions() {
  return useQuery({ queryKey: ["sessions"], queryFn: () => call(SESSIONS, z.array(SessionView)) });
}

export function useEndSession() {
  return useChange<string>(["sessions"], (id) =>
    send(`${SESSIONS}/${encodeURIComponent(id)}`, { method: "DELETE" }),
  );
}

export function useEndSessions() {
  return useChange<{ everywhere: boolean }>(["sessions"], (query) =>
    send(withQuery(SESSIONS, query), { method: "DELETE" }),
  );
}

export function useChangePassword() {
  return useChange<{ currentPassword?: string; newPassword: string }>(["sessions"], (json) =>
    send("/v2/user/password", { method: "POST", json }),
  );
}

export function useUsers() {
  return useQuery({ queryKey: ["users"], queryFn: () => call("/v2/users", z.array(UserView)) });
}

export interface Invitation {
  email: string;
  firstName: string;
  lastName: string;
  superAdmin: boolean;
}

export function useInviteUser() {
  return useChange<Invitation, UserWithLink>(["users"], (json) =>
    call("/v2/users", UserWithLink, { method: "POST", json }),
  );
}

export function usePatchUser() {
  return useChange<{ id: string; superAdmin?: boolean; disabled?: boolean }>(["users"], ({ id, ...json }) =>
    send(`/v2/users/${id}`, { method: "PATCH", json }),
  );
}

export function useResetPassword() {
  return useChange<string, UserWithLink>(["users"], (id) =>
    call(`/v2/users/${id}/password`, UserWithLink, { method: "POST" }),
  );
}

export function useSignOutUser() {
  return useChange<string>(["users"], (id) => send(`/v2/users/${id}/sessions`, { method: "DELETE" }));
}

export function usePermissions(slug: string) {
  return useQuery({
    queryKey: ["permissions", slug],
    queryFn: () => call(`${workspacePath(slug)}/permissions`, PermissionsList),
  });
}

export interface Share {
  target: { id: string } | { email: string } | { group: string };
  role: string;
}

export function useShare(slug: string) {
  return useChange<Share>(["permissions", slug], ({ target, role }) =>
    send(`${workspacePath(slug)}/permissions`, { method: "POST", json: { target, permissions: { role } } }),
  );
}

export function useUnshare(slug: string) {
  return useChange<string>(["permissions", slug], (target) =>
    send(`${workspacePath(slug)}/permissions/${encodeURIComponent(target)}`, { method: "DELETE" }),
  );
}

export interface AuditFilter {
  email?: string;
  action?: string;
  outcome?: string;
  afterDate?: string;
}

export const auditQuery = ({ action, ...filter }: AuditFilter) => ({
  ...filter,
  ...(action ? { action: action.endsWith("*") ? action : `${action}*` } : {}),
});

export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam }) =>
      call(withQuery("/v2/audit", { ...auditQuery(filter), cursor: pageParam, limit: 50 }), AuditPage),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
}
