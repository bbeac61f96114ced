/** One workspace of a repository, as far as its place in the order goes. */
export interface Ordered {
  slug: string;
  /** The app it publishes, without `app/`. */
  app: string | undefined;
  /** What it needs, as `app/{slug}`. */
  dependsOn: readonly string[];
}

export interface Order<T> {
  /** Each after all it depends on; members of cycles last, by name. */
  ordered: T[];
  cycles: string[][];
  /** Dependencies that no workspace of the set provides. */
  missing: { slug: string; app: string }[];
}

function bySlug(a: { slug: string }, b: { slug: string }): number {
  return a.slug < b.slug ? -1 : a.slug > b.slug ? 1 : 0;
}

/**
 * Groups of workspaces that need each other, each group once, by name: the strongly connected components of Tarjan's
 * algorithm with more than one member. Takes time in proportion to the dependencies, and no recursion.
 */
function findCycles(left: readonly Ordered[], needs: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const cycles: string[][] = [];
  // When each was reached first, and the earliest that it leads back to and that has no group yet.
  const reached = new Map<string, number>();
  const leadsTo = new Map<string, number>();
  const ungrouped = new Set<string>();
  const order: string[] = [];
  const path: { slug: string; rest: Iterator<string> }[] = [];
  const enter = (slug: string) => {
    leadsTo.set(slug, reached.size);
    reached.set(slug, reached.size);
    ungrouped.add(slug);
    order.push(slug);
    path.push({ slug, rest: (needs.get(slug) ?? new Set()).values() });
  };
  const lower = (slug: string, to: number | undefined) => {
    leadsTo.set(slug, Math.min(leadsTo.get(slug) ?? 0, to ?? 0));
  };
  const leave = (slug: string) => {
    const above = path.at(-1);
    if (above) lower(above.slug, leadsTo.get(slug));
    if (leadsTo.get(slug) !== reached.get(slug)) return;
    // It leads back to nothing before it: what was reached since and has no group yet is one with it.
    const members = order.splice(order.lastIndexOf(slug));
    for (const member of members) ungrouped.delete(member);
    if (members.length > 1) cycles.push(members.sort());
  };
  for (const { slug: start } of left) {
    if (!reached.has(start)) enter(start);
    for (let last = path.at(-1); last; last = path.at(-1)) {
      const next = last.rest.next();
      if (next.done) {
        path.pop();
        leave(last.slug);
      } else if (!reached.has(next.value)) enter(next.value);
      else if (ungrouped.has(next.value)) lower(last.slug, reached.get(next.value));
    }
  }
  return cycles.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}

/** Orders workspaces so that each comes after its dependencies; those that nothing decides go by name. */
export function orderByDependencies<T extends Ordered>(workspaces: readonly T[]): Order<T> {
  const sorted = [...workspaces].sort(bySlug);
  const provider = new Map(
    sorted.flatMap(({ slug, app }) => (app === undefined ? [] : [[app, slug] as const])),
  );
  const needs = new Map<string, Set<string>>();
  const missing: Order<T>["missing"] = [];
  for (const { slug, dependsOn } of sorted) {
    const own = new Set<string>();
    for (const dependency of dependsOn) {
      const app = dependency.replace(/^app\//, "");
      const from = provider.get(app);
      if (from === undefined) missing.push({ slug, app });
      // A workspace that installs its own app depends on nobody.
      else if (from !== slug) own.add(from);
    }
    needs.set(slug, own);
  }
  const ordered = inOrder(sorted, needs);
  const done = new Set<Ordered>(ordered);
  const left = sorted.filter((workspace) => !done.has(workspace));
  return { ordered: [...ordered, ...left], cycles: findCycles(left, needs), missing };
}

/** Takes the first by name of those that wait for nobody, again and again; members of cycles are left out. */
function inOrder<T extends Ordered>(
  sorted: readonly T[],
  needs: ReadonlyMap<string, ReadonlySet<string>>,
): T[] {
  const place = new Map(sorted.map(({ slug }, index) => [slug, index]));
  const waitsFor = sorted.map(({ slug }) => needs.get(slug)?.size ?? 0);
  const neededBy = sorted.map((): number[] => []);
  for (const [index, { slug }] of sorted.entries())
    for (const need of needs.get(slug) ?? []) neededBy[place.get(need) ?? -1]?.push(index);
  // The last is the first by name.
  const ready = [...sorted.keys()].filter((index) => waitsFor[index] === 0).reverse();
  const ordered: T[] = [];
  for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
    const next = sorted[index];
    if (next) ordered.push(next);
    for (const other of neededBy[index] ?? []) {
      const left = (waitsFor[other] ?? 0) - 1;
      waitsFor[other] = left;
      if (left === 0) ready.splice(insertionPoint(ready, other), 0, other);
    }
  }
  return ordered;
}

/** Where a number belongs in a list that descends. */
function insertionPoint(list: readonly number[], value: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? 0) > value) low = middle + 1;
    else high = middle;
  }
  return low;
}
