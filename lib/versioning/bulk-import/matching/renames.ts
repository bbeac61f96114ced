import { findPart, readIndex } from "@/lib/archive/contents";
import { AppError } from "@/lib/domain/error";
import type { ImportError } from "@/lib/domain/version";
import { intermediateBranch } from "@/lib/domain/repository";
import { slugify } from "@/lib/domain/workspace";
import type { Lease, Ports, RepositorySession, RepositoryState, WorkspaceRecord } from "../../ports";
import { lockForImport } from "../../import-lock";
import { slugInUse } from "../../pull/settings";
import type { PlannedImport } from "../plan";
import { indexSlugs } from "../discover";

interface Rename {
  wanted: string;
  item: PlannedImport | undefined;
}

/**
 * Slugs that change hands within one import. A workspace that wants a slug whose owner may leave it in the same run waits for
 * the end of the run, when all of them are renamed at once: swaps and cycles have no other order.
 */
export class Renames {
  readonly #pending = new Map<string, Rename>();
  readonly #unfinished: Map<string, PlannedImport>;
  readonly #here: ReadonlySet<string>;

  constructor(
    private readonly ports: Ports,
    private readonly session: RepositorySession,
    items: readonly PlannedImport[],
  ) {
    this.#here = new Set(items.flatMap(({ record }) => record?.id ?? []));
    this.#unfinished = new Map(
      items.flatMap((item) =>
        item.record && item.status === "update" && !item.refused ? [[item.record.id, item] as const] : [],
      ),
    );
  }

  /** Whether any workspace that is here already takes part. */
  get hasUpdates(): boolean {
    return this.#here.size > 0;
  }

  /** Whether the owner of a slug wants to leave it, and may do so in this run. */
  async mayLeave({ id, slug }: Pick<WorkspaceRecord, "id" | "slug">): Promise<boolean> {
    if (this.#pending.has(id)) return true;
    if (!this.#here.has(id)) return false;
    const item = this.#unfinished.get(id);
    const wanted = item
      ? (await indexSlugs(this.session, [item.source])).get(item.source)
      : await this.#wishOf(id);
    return wanted !== undefined && wanted !== slug;
  }

  wait(workspaceId: string, wanted: string, item: PlannedImport): void {
    this.#pending.set(workspaceId, { wanted, item });
  }

  finished(workspaceId: string): void {
    this.#unfinished.delete(workspaceId);
  }

  /** Renames all that can be; answers what could not, by workspace. */
  async settle(): Promise<{ item: PlannedImport; workspaceId: string; error: ImportError }[]> {
    if (this.#pending.size === 0) return [];
    const records = await this.#recordsWithOwners();
    const possible = this.#possible(records);
    const refused = (await this.#apply(possible)) ? [] : [...possible];
    const left = [...this.#pending.keys()].filter((id) => !possible.has(id) || refused.includes(id));
    return left.flatMap((workspaceId) => {
      const { wanted, item } = this.#pending.get(workspaceId) ?? {};
      const record = records.get(workspaceId);
      if (!item || !record || wanted === undefined) return [];
      const owner = [...records.values()].find(({ slug }) => slug === wanted);
      return [{ item, workspaceId, error: slugInUse(record.slug, wanted, owner?.id ?? "") }];
    });
  }

  /** Those who wait, and those in their way; who is in the way may have a wish of an earlier import. */
  async #recordsWithOwners(): Promise<Map<string, WorkspaceRecord>> {
    const { workspaces } = this.ports;
    const records = new Map<string, WorkspaceRecord>();
    for (const id of this.#pending.keys()) {
      const record = records.get(id) ?? (await workspaces.get(id));
      if (!record) continue;
      records.set(id, record);
      const owner = await workspaces.getBySlug(this.#pending.get(id)?.wanted ?? "");
      if (!owner) continue;
      records.set(owner.id, owner);
      if (this.#pending.has(owner.id) || !this.#here.has(owner.id)) continue;
      const wanted = await this.#wishOf(owner.id);
      if (wanted !== undefined && wanted !== owner.slug)
        this.#pending.set(owner.id, { wanted, item: undefined });
    }
    return records;
  }

  /** The slug that the workspace's own `index.yml` gives. */
  async #wishOf(id: string): Promise<string | undefined> {
    const files = (await this.ports.workspaces.files([id])).get(id) ?? [];
    const path = findPart(
      files.map((file) => file.path),
      "index",
    );
    const oid = files.find((file) => file.path === path)?.oid;
    const bytes = oid && (await this.ports.workspaces.readObjects([oid])).get(oid)?.bytes;
    if (!bytes || path === undefined) return undefined;
    try {
      return readIndex(bytes, path).slug;
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }

  /** The largest set of renames in which every slug is free, or left by another one of the set. */
  #possible(records: ReadonlyMap<string, WorkspaceRecord>): Set<string> {
    const ownerOf = new Map([...records.values()].map(({ slug, id }) => [slug, id]));
    const possible = new Set([...this.#pending.keys()].filter((id) => records.has(id)));
    for (let before = -1; before !== possible.size;) {
      before = possible.size;
      for (const id of possible) {
        const owner = ownerOf.get(this.#pending.get(id)?.wanted ?? "");
        if (owner !== undefined && owner !== id && !possible.has(owner)) possible.delete(id);
      }
    }
    return possible;
  }

  async #apply(ids: ReadonlySet<string>): Promise<boolean> {
    if (ids.size === 0) return true;
    const { ports, session } = this;
    const leases: Lease[] = [];
    try {
      for (const id of ids) leases.push(await lockForImport(ports, id));
      const states = await ports.workspaces.states(session.repository.id, [...ids]);
      const common = { userId: ports.actor.userId, events: [] };
      const aside = leases.map((lease, index) => ({
        ...common,
        workspaceId: lease.workspaceId,
        guard: { lease },
        settings: { slug: `renaming-${slugify(ports.newId())}-${String(index)}` },
      }));
      const final = leases.map((lease) => {
        const slug = this.#pending.get(lease.workspaceId)?.wanted ?? "";
        const state = states.get(lease.workspaceId);
        return {
          ...common,
          workspaceId: lease.workspaceId,
          guard: { lease },
          settings: { slug },
          ...(state ? { state: this.#renamed(state, slug) } : {}),
        };
      });
      // One transaction: nobody sees the names in between.
      await ports.workspaces.write([...aside, ...final]);
      return true;
    } catch (error) {
      if (!(error instanceof AppError) || ports.signal.aborted) throw error;
      return false;
    } finally {
      await ports.locks.release(leases);
    }
  }

  #renamed(state: RepositoryState, slug: string): RepositoryState {
    const branch = intermediateBranch(slug, this.session.repository.branch);
    return { ...state, slug, intermediate: this.session.ref(`refs/heads/${branch}`) };
  }
}
