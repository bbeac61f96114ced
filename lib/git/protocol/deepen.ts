import type { Oid } from "@/lib/domain/workspace";
import type { FetchRequest } from "./upload-pack";

/** Generations asked for one after the other; the last stands for all. */
const STEPS = [50, 1000, 0x7fffffff];

export interface Reachable {
  has(oid: Oid): boolean;
  /** What refs lead to, as the server names it: for an annotated tag the tag. */
  tips(): readonly Oid[];
  /** The tip of a ref that leads to this commit. */
  tipOf(oid: Oid): Oid | undefined;
  /** What is here already. */
  known(): Pick<FetchRequest, "haves" | "shallow" | "thin">;
  fetch(request: FetchRequest): Promise<unknown>;
}

/**
 * Reads from a server that gives nothing but what its refs lead to: it cannot be asked for one object, so history is
 * deepened until everything wanted has come along.
 */
export class Deepening {
  #step = 0;

  constructor(private readonly reachable: Reachable) {}

  /** The refs were read again, so there may be more to ask for. */
  restart(): void {
    this.#step = 0;
  }

  /** What the server does not have stays away. */
  async fetch(wants: readonly Oid[], depth: number | undefined): Promise<void> {
    const { reachable } = this;
    const missing = () => wants.filter((oid) => !reachable.has(oid));
    const tips = [...new Set(missing().flatMap((oid) => reachable.tipOf(oid) ?? []))];
    await this.#ask(tips, Math.max(depth ?? 1, 1));
    for (; missing().length > 0 && this.#step < STEPS.length; this.#step++) {
      await this.#ask([...new Set(reachable.tips())], STEPS[this.#step] ?? 1);
    }
  }

  async #ask(wants: readonly Oid[], depth: number): Promise<void> {
    if (wants.length === 0) return;
    await this.reachable.fetch({ wants, depth, ...this.reachable.known() });
  }
}
