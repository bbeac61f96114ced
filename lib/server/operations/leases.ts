import { AppError } from "@/lib/domain/error";
import type { Lease, LockRecord, Locks, Workspaces } from "@/lib/versioning/ports";
import type { HeldLease } from "../runner";

/** The same object with some methods in front of its own. */
export function overriding<T extends object>(target: T, overrides: Partial<T>): T {
  return new Proxy(target, {
    get(object, key) {
      if (Object.hasOwn(overrides, key)) return Reflect.get(overrides, key) as unknown;
      const value: unknown = Reflect.get(object, key, object);
      return typeof value === "function" ? (value.bind(object) as unknown) : value;
    },
  });
}

/**
 * Remembers every lease that one operation holds, so that all are prolonged while it runs and none is left behind.
 * A lease that a write or a conflict settled is forgotten.
 */
export class LeaseKeeper {
  readonly #held = new Map<string, Lease & { previousConflict?: LockRecord | null }>();
  // Being given back in a transaction that has not ended; a renewal in between proves nothing.
  readonly #settling = new Set<string>();
  readonly #locks: Locks;
  #main: HeldLease | null = null;

  constructor(locks: Locks) {
    this.#locks = locks;
  }

  /** The lease that the whole operation stands on. */
  holdMain(lease: HeldLease): void {
    this.#main = lease;
    this.#held.set(lease.workspaceId, lease);
  }

  /** The ports that tell this keeper what they take and give back. */
  locks(): Locks {
    return overriding(this.#locks, {
      acquire: async (input) => {
        const answer = await this.#locks.acquire(input);
        for (const lease of answer.leases.values()) this.#held.set(lease.workspaceId, lease);
        return answer;
      },
      release: (leases) => this.#settle(leases, () => this.#locks.release(leases)),
      restoreConflict: (lease, conflict) =>
        this.#settle([lease], () => this.#locks.restoreConflict(lease, conflict)),
    });
  }

  workspaces(workspaces: Workspaces): Workspaces {
    return overriding(workspaces, {
      write: (changes) => {
        const given = changes.flatMap(({ guard, lock }) => (guard.lease && lock ? [guard.lease] : []));
        return this.#settle(given, () => workspaces.write(changes));
      },
      delete: (id, options) =>
        this.#settle(options.lease ? [options.lease] : [], () => workspaces.delete(id, options)),
    });
  }

  async #settle<T>(leases: readonly Lease[], work: () => Promise<T>): Promise<T> {
    for (const { workspaceId } of leases) this.#settling.add(workspaceId);
    try {
      const result = await work();
      for (const { workspaceId } of leases) this.#held.delete(workspaceId);
      return result;
    } finally {
      for (const { workspaceId } of leases) this.#settling.delete(workspaceId);
    }
  }

  /** Prolongs all leases. Answers those lost, which are not held any more, and whether the main one is among them. */
  async renew(): Promise<{ lost: Lease[]; mainLost: boolean }> {
    const asked = [...this.#held.values()].filter(({ workspaceId }) => !this.#settling.has(workspaceId));
    if (asked.length === 0) return { lost: [], mainLost: false };
    const answer = await this.#locks.renew(asked);
    const lost = answer.filter(({ workspaceId, fence }) => {
      const now = this.#held.get(workspaceId);
      return now?.fence === fence && !this.#settling.has(workspaceId);
    });
    for (const { workspaceId } of lost) this.#held.delete(workspaceId);
    const main = this.#main?.workspaceId;
    return { lost, mainLost: lost.some(({ workspaceId }) => workspaceId === main) };
  }

  /** Gives back what is still held; conflicts that were taken over and not settled stand again. */
  async releaseAll(): Promise<void> {
    const held = [...this.#held.values()];
    const plain = held.filter(({ previousConflict }) => !previousConflict);
    if (plain.length > 0) await this.#locks.release(plain);
    for (const { workspaceId } of plain) this.#held.delete(workspaceId);
    for (const { previousConflict, ...lease } of held) {
      if (!previousConflict) continue;
      // Lost or not: it is tried once more only where the database could not answer.
      const isTold = this.#locks.restoreConflict(lease, {
        repositoryId: previousConflict.repositoryId ?? "",
      });
      await isTold.catch((error: unknown) => {
        if (error instanceof AppError && error.code === "Unavailable") throw error;
      });
      this.#held.delete(lease.workspaceId);
    }
  }
}
