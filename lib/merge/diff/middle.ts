import type { Effort } from "./effort";

/** Part of the edit graph: lines of A by lines of B. */
export interface Box {
  fromA: number;
  toA: number;
  fromB: number;
  toB: number;
  /** Search to the end, without the shortcuts for expensive boxes. */
  exact: boolean;
}

/** Where a path crosses the box, and which halves have to be searched exactly. */
export interface Middle {
  a: number;
  b: number;
  exactBefore: boolean;
  exactAfter: boolean;
}

/** How far the search came on each diagonal; shared by all boxes of one comparison. */
export interface Trails {
  forward: Int32Array;
  backward: Int32Array;
  /** Index of diagonal 0. */
  origin: number;
  costLimit: number;
}

/** A run of equal lines of this length counts as a find worth keeping. */
const LONG_RUN = 20;
const COST_BEFORE_SHORTCUTS = 256;
const WORTH_PER_COST = 4;
const UNREACHED = 0x7fffffff;

/** The diagonals that one direction has reached. */
interface Front {
  at: Int32Array;
  start: number;
  low: number;
  high: number;
}

/** Finds a point on a short path through a box whose corners do not match. */
export function middleOf(box: Box, a: Int32Array, b: Int32Array, trails: Trails, effort: Effort): Middle {
  return new Search(box, a, b, trails).run(effort);
}

class Search {
  private readonly lowest: number;
  private readonly highest: number;
  private readonly forward: Front;
  private readonly backward: Front;
  private readonly isOdd: boolean;
  private foundLongRun = false;

  constructor(
    private readonly box: Box,
    private readonly a: Int32Array,
    private readonly b: Int32Array,
    private readonly trails: Trails,
  ) {
    this.lowest = box.fromA - box.toB;
    this.highest = box.toA - box.fromB;
    this.forward = this.front(trails.forward, box.fromA - box.fromB, box.fromA);
    this.backward = this.front(trails.backward, box.toA - box.toB, box.toA);
    this.isOdd = Math.abs(this.forward.start - this.backward.start) % 2 === 1;
  }

  run(effort: Effort): Middle {
    for (let cost = 1; ; cost++) {
      effort.spend(2 * cost);
      this.foundLongRun = false;
      const met = this.advance(effort) ?? this.retreat(effort);
      if (met) return met;
      if (this.box.exact) continue;
      if (this.foundLongRun && cost > COST_BEFORE_SHORTCUTS) {
        const promising = this.promisingForward(cost) ?? this.promisingBackward(cost);
        if (promising) return promising;
      }
      if (cost >= this.trails.costLimit) return this.furthest();
    }
  }

  private front(at: Int32Array, start: number, value: number): Front {
    at[start + this.trails.origin] = value;
    return { at, start, low: start, high: start };
  }

  private reach(front: Front, diagonal: number): number {
    return front.at[diagonal + this.trails.origin] ?? 0;
  }

  /** Adds a diagonal on each end, or gives one up where the box ends. */
  private widen(front: Front, outside: number): void {
    if (front.low > this.lowest) front.at[--front.low - 1 + this.trails.origin] = outside;
    else front.low++;
    if (front.high < this.highest) front.at[++front.high + 1 + this.trails.origin] = outside;
    else front.high--;
  }

  private advance(effort: Effort): Middle | null {
    const { box, a, b, forward, backward } = this;
    this.widen(forward, -1);
    for (let k = forward.high; k >= forward.low; k -= 2) {
      const below = this.reach(forward, k - 1);
      const above = this.reach(forward, k + 1);
      const start = below >= above ? below + 1 : above;
      let x = start;
      let y = x - k;
      while (x < box.toA && y < box.toB && a[x] === b[y]) {
        x++;
        y++;
      }
      if (x - start > LONG_RUN) this.foundLongRun = true;
      effort.spend(x - start);
      forward.at[k + this.trails.origin] = x;
      if (this.isOdd && backward.low <= k && k <= backward.high && this.reach(backward, k) <= x) {
        return { a: x, b: y, exactBefore: true, exactAfter: true };
      }
    }
    return null;
  }

  private retreat(effort: Effort): Middle | null {
    const { box, a, b, forward, backward } = this;
    this.widen(backward, UNREACHED);
    for (let k = backward.high; k >= backward.low; k -= 2) {
      const below = this.reach(backward, k - 1);
      const above = this.reach(backward, k + 1);
      const start = below < above ? below : above - 1;
      let x = start;
      let y = x - k;
      while (x > box.fromA && y > box.fromB && a[x - 1] === b[y - 1]) {
        x--;
        y--;
      }
      if (start - x > LONG_RUN) this.foundLongRun = true;
      effort.spend(start - x);
      backward.at[k + this.trails.origin] = x;
      if (!this.isOdd && forward.low <= k && k <= forward.high && x <= this.reach(forward, k)) {
        return { a: x, b: y, exactBefore: true, exactAfter: true };
      }
    }
    return null;
  }

  /** The best diagonal that came far from the start and ends in a long run. */
  private promisingForward(cost: number): Middle | null {
    const { box, a, b, forward } = this;
    let best = 0;
    let found: Middle | null = null;
    for (let k = forward.high; k >= forward.low; k -= 2) {
      const x = this.reach(forward, k);
      const y = x - k;
      const worth = x - box.fromA + (y - box.fromB) - Math.abs(k - forward.start);
      if (worth <= WORTH_PER_COST * cost || worth <= best) continue;
      if (x < box.fromA + LONG_RUN || x >= box.toA || y < box.fromB + LONG_RUN || y >= box.toB) continue;
      if (!sameRun(a, x - LONG_RUN, b, y - LONG_RUN)) continue;
      best = worth;
      found = { a: x, b: y, exactBefore: true, exactAfter: false };
    }
    return found;
  }

  private promisingBackward(cost: number): Middle | null {
    const { box, a, b, backward } = this;
    let best = 0;
    let found: Middle | null = null;
    for (let k = backward.high; k >= backward.low; k -= 2) {
      const x = this.reach(backward, k);
      const y = x - k;
      const worth = box.toA - x + (box.toB - y) - Math.abs(k - backward.start);
      if (worth <= WORTH_PER_COST * cost || worth <= best) continue;
      if (x <= box.fromA || x > box.toA - LONG_RUN || y <= box.fromB || y > box.toB - LONG_RUN) continue;
      if (!sameRun(a, x, b, y)) continue;
      best = worth;
      found = { a: x, b: y, exactBefore: false, exactAfter: true };
    }
    return found;
  }

  /** Enough was spent: the point furthest from its own corner, of either direction. */
  private furthest(): Middle {
    const ahead = this.furthestForward();
    const back = this.furthestBackward();
    const { box } = this;
    const isAhead = box.toA + box.toB - (back.a + back.b) < ahead.a + ahead.b - (box.fromA + box.fromB);
    return isAhead
      ? { ...ahead, exactBefore: true, exactAfter: false }
      : { ...back, exactBefore: false, exactAfter: true };
  }

  private furthestForward(): { a: number; b: number } {
    const { box, forward } = this;
    let best = { a: -1, b: 0 };
    for (let k = forward.high; k >= forward.low; k -= 2) {
      let x = Math.min(this.reach(forward, k), box.toA);
      if (x - k > box.toB) x = box.toB + k;
      if (best.a + best.b < x + (x - k)) best = { a: x, b: x - k };
    }
    return best;
  }

  private furthestBackward(): { a: number; b: number } {
    const { box, backward } = this;
    let best = { a: UNREACHED, b: 0 };
    for (let k = backward.high; k >= backward.low; k -= 2) {
      let x = Math.max(box.fromA, this.reach(backward, k));
      if (x - k < box.fromB) x = box.fromB + k;
      if (x + (x - k) < best.a + best.b) best = { a: x, b: x - k };
    }
    return best;
  }
}

function sameRun(a: Int32Array, fromA: number, b: Int32Array, fromB: number): boolean {
  for (let step = 0; step < LONG_RUN; step++) if (a[fromA + step] !== b[fromB + step]) return false;
  return true;
}
