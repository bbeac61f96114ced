"use client";

import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { z } from "zod";
import type { CreatedAccessToken, UserWithLink } from "@/lib/domain/access";
import { UserView } from "@/lib/domain/access";
import type { ChangePassword } from "@/lib/domain/access/requests";
import { account, auditLog, people } from "@/lib/contract/people";
import { sharing } from "@/lib/contract/security";
import type { ApiError } from "./api";
import { call, callAs, workspaceNamed, type Input } from "./api/call";

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
  return useQuery({ queryKey: ["tokens"], queryFn: () => call(account.listTokens) });
}

export type NewToken = Input<typeof account.createToken>["body"];

export function useCreateToken() {
  return useChange<NewToken, CreatedAccessToken>(["tokens"], (body) => call(account.createToken, { body }));
}

export function useDeleteToken() {
  return useChange<string>(["tokens"], (tokenId) => call(account.deleteToken, { params: { tokenId } }));
}

export function useSessions() {
  return useQuery({ queryKey: ["sessions"], queryFn: () => call(account.listSessions) });
}

export function useEndSession() {
  return useChange<string>(["sessions"], (sessionId) => call(account.endSession, { params: { sessionId } }));
}

export function useEndSessions() {
  return useChange<{ everywhere: boolean }>(["sessions"], (query) => call(account.endSessions, { query }));
}

export function useChangePassword() {
  return useChange<ChangePassword>(["sessions"], (body) => call(account.changePassword, { body }));
}

/** What super admins are told of everybody. */
const Accounts = z.array(UserView);

export function useUsers() {
  return useQuery({ queryKey: ["users"], queryFn: () => callAs(Accounts, people.list) });
}

export type Invitation = Input<typeof people.invite>["body"];

export function useInviteUser() {
  return useChange<Invitation, UserWithLink>(["users"], (body) => call(people.invite, { body }));
}

export function usePatchUser() {
  return useChange<{ id: string; superAdmin?: boolean; disabled?: boolean }>(["users"], ({ id, ...body }) =>
    call(people.patch, { params: { userId: id }, body }),
  );
}

export function useResetPassword() {
  return useChange<string, UserWithLink>(["users"], (userId) =>
    call(people.resetPassword, { params: { userId } }),
  );
}

export function useSignOutUser() {
  return useChange<string>(["users"], (userId) => call(people.signOut, { params: { userId } }));
}

export function usePermissions(slug: string) {
  return useQuery({
    queryKey: ["permissions", slug],
    queryFn: () => call(sharing.list, { params: workspaceNamed(slug) }),
  });
}

export interface Share {
  target: { id: string } | { email: string } | { group: string };
  role: string;
}

export function useShare(slug: string) {
  return useChange<Share>(["permissions", slug], ({ target, role }) =>
    call(sharing.share, { params: workspaceNamed(slug), body: { target, permissions: { role } } }),
  );
}

export function useUnshare(slug: string) {
  return useChange<string>(["permissions", slug], (target) =>
    call(sharing.unshare, { params: { ...workspaceNamed(slug), target } }),
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
      call(auditLog.read, { query: { ...auditQuery(filter), cursor: pageParam, limit: 50 } }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
}
