import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "@/lib/testing/runs";
import { orderByDependencies, type Ordered } from "./order";

const workspace = (slug: string, ...needs: string[]): Ordered => ({
  slug,
  app: slug,
  dependsOn: needs.map((app) => `app/${app}`),
});

/** Whether one leads to another by following dependencies, found the slow way. */
function leads(all: readonly Ordered[], from: string, to: string): boolean {
  const seen = new Set<string>();
  const look = (slug: string): boolean =>
    (all.find((one) => one.slug === slug)?.dependsOn ?? []).some((dependency) => {
      const next = dependency.slice("app/".length);
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return look(next);
    });
  return look(from);
}

describe("The order of an import", () => {
  it("puts each after what it needs, and otherwise goes by name", () => {
    const { ordered, cycles, missing } = orderByDependencies([
      workspace("shop", "forms", "gone"),
      workspace("blog"),
      workspace("forms", "theme"),
      workspace("theme"),
    ]);
    expect(ordered.map(({ slug }) => slug)).toEqual(["blog", "theme", "forms", "shop"]);
    expect(cycles).toEqual([]);
    expect(missing).toEqual([{ slug: "shop", app: "gone" }]);
  });

  it("names every cycle once, whoever else depends on its members, whatever the dependencies are", () => {
    const slugs = ["a", "b", "c", "d", "e", "f", "g"];
    const needs = fc.array(fc.subarray(slugs), { minLength: slugs.length, maxLength: slugs.length });
    fc.assert(
      fc.property(needs, (lists) => {
        const all = slugs.map((slug, at) =>
          workspace(slug, ...(lists[at] ?? []).filter((app) => app !== slug)),
        );
        const { ordered, cycles } = orderByDependencies(all);
        const together = (one: string, other: string) => leads(all, one, other) && leads(all, other, one);
        const expected = slugs
          .filter((slug) => together(slug, slug))
          .map((slug) => slugs.filter((other) => other === slug || together(slug, other)));
        expect(cycles).toEqual([...new Map(expected.map((group) => [group.join(), group])).values()]);
        expect(ordered.map(({ slug }) => slug).sort()).toEqual(slugs);
        const place = new Map(ordered.map(({ slug }, at) => [slug, at]));
        for (const { slug, dependsOn } of all) {
          // What leads into a cycle has no place that everything it needs comes before.
          if (slugs.some((other) => together(other, other) && (other === slug || leads(all, slug, other))))
            continue;
          for (const need of dependsOn)
            expect(place.get(need.slice("app/".length))).toBeLessThan(place.get(slug) ?? -1);
        }
      }),
      { numRuns: runs(300) },
    );
  });

  it("orders a chain and a circle of ten thousand", () => {
    const name = (at: number) => `w${String(at).padStart(5, "0")}`;
    const all = Array.from({ length: 10_000 }, (_, at) => workspace(name(at), name((at + 1) % 5000)));
    const { ordered, cycles } = orderByDependencies(all);
    expect(cycles).toEqual([Array.from({ length: 5000 }, (_, at) => name(at))]);
    expect(ordered).toHaveLength(10_000);
  });
});
