"use client";

import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import type { WorkspaceSummary } from "@/lib/domain/workspace";
import { workspaces } from "@/lib/contract/workspaces";
import { call } from "./api/call";

const MOST_AT_ONCE = 100;

type Found = WorkspaceSummary | null;

interface Wish {
  id: string;
  resolve: (found: Found) => void;
  reject: (error: unknown) => void;
}

let wishes: Wish[] = [];

async function fetchTogether(batch: readonly Wish[]): Promise<void> {
  const ids = batch.map(({ id }) => id);
  try {
    const answer = await call(workspaces.list, { query: { ids, limit: ids.length } });
    const found = new Map(answer.map((one) => [one.id, one]));
    for (const { id, resolve } of batch) resolve(found.get(id) ?? null);
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

/** One workspace; all that are wished for in one turn of the browser are asked for together. */
function workspaceById(id: string): Promise<Found> {
  return new Promise((resolve, reject) => {
    if (wishes.length === 0)
      setTimeout(() => {
        const all = wishes;
        wishes = [];
        for (let start = 0; start < all.length; start += MOST_AT_ONCE)
          void fetchTogether(all.slice(start, start + MOST_AT_ONCE));
      });
    wishes.push({ id, resolve, reject });
  });
}

function byId(results: UseQueryResult<Found>[]): ReadonlyMap<string, WorkspaceSummary> {
  return new Map(results.flatMap(({ data }) => (data ? [[data.id, data] as const] : [])));
}

/** Those of these workspaces that are there and may be read, by their ids. */
export function useWorkspacesById(ids: Iterable<string>): ReadonlyMap<string, WorkspaceSummary> {
  return useQueries({
    queries: [...new Set(ids)].map((id) => ({
      queryKey: ["fleet", "one", id],
      queryFn: () => workspaceById(id),
      staleTime: 60_000,
    })),
    combine: byId,
  });
}
