import type { SyncView } from "@/lib/domain/wire/api";

/** An answer and when it came, as the cache keeps it. */
export interface Answer {
  data: SyncView | undefined;
  dataUpdatedAt: number;
}

/**
 * What is known of a workspace and a repository, with what the last look at the remote found. A later answer without
 * a look says nothing new about the remote, so what was found stands until a push, a pull or another look.
 */
export function withLook(known: Answer, look: Answer): SyncView | undefined {
  if (!look.data) return known.data;
  if (!known.data || known.dataUpdatedAt <= look.dataUpdatedAt) return look.data;
  const isSameLook = known.data.checkedAt === look.data.checkedAt;
  const { updates, origin } = look.data;
  return known.data.updates === null && isSameLook
    ? { ...known.data, updates, ...(origin === undefined ? {} : { origin }) }
    : known.data;
}

/** Whether what there is to pull or to resolve has to be looked up in the remote before it can be shown. */
export function needsLook(view: SyncView | undefined): boolean {
  return view?.updates === null && ["conflict", "behind", "diverged"].includes(view.status);
}
