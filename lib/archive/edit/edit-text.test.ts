import fc from "fast-check";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { editText, type Fields } from "./edit-text";

const edit = (text: string, change: (value: Fields) => Fields, path = "index.yml") =>
  editText(Buffer.from(text), path, change((parse(text) ?? {}) as Fields));

const FILE = `# The shop of the north
slug: shop
name: 'Shop'   # shown in lists

config:
    # how it answers
    value:
        model: "fast"     # cheap
        retries: 3
        text: >-
            two lines
            folded

    schema:   {type: object,   title: "A"}
do:
  # first
  - emit:
      event: hi   # loud
  - set: {name: a, value:   1}
last: ~
`;

describe("Editing a file in place", () => {
  it("leaves every byte alone when nothing is said anew", () => {
    expect(edit(FILE, (value) => ({ ...value }))).toBe(FILE);
  });

  it("changes one value and nothing around it", () => {
    expect(edit(FILE, (value) => ({ ...value, name: "Store" }))).toBe(FILE.replace("'Shop'", "'Store'"));
    const model = edit(FILE, ({ config, ...rest }) => {
      const { value, ...others } = config as { value: Fields };
      return { ...rest, config: { ...others, value: { ...value, model: "slow", retries: 4 } } };
    });
    expect(model).toBe(FILE.replace('"fast"', '"slow"').replace("retries: 3", "retries: 4"));
  });

  it("adds a field where its map ends, indented as the file is", () => {
    const added = edit(FILE, ({ config, ...rest }) => {
      const { value, ...others } = config as { value: Fields };
      return { ...rest, config: { ...others, value: { ...value, limits: { day: 5 } } }, labels: ["a:b"] };
    });
    expect(added).toBe(
      FILE.replace("            folded\n", "            folded\n        limits:\n            day: 5\n") +
        "labels:\n    - a:b\n",
    );
  });

  it("removes a field with the comments that belong to it", () => {
    const without = edit(FILE, ({ config: _config, ...rest }) => rest);
    expect(without).toBe(FILE.replace(/config:[^]*title: "A"}\n/, ""));
    const inner = edit("a:\n  # of b\n  b: 1\n  c: 2 # of c\n", () => ({ a: { c: 2 } }));
    expect(inner).toBe("a:\n  c: 2 # of c\n");
  });

  it("changes, inserts and removes items of a list in their place", () => {
    const doing = (change: (items: unknown[]) => unknown[]) =>
      edit(FILE, (value) => ({ ...value, do: change(value.do as unknown[]) }));
    expect(doing(([, second]) => [{ emit: { event: "bye" } }, second])).toBe(
      FILE.replace("event: hi", "event: bye"),
    );
    expect(doing(([first]) => [first])).toBe(FILE.replace("  - set: {name: a, value:   1}\n", ""));
    expect(doing((items) => [...items, { wait: 1 }])).toBe(
      FILE.replace("value:   1}\n", "value:   1}\n  - wait: 1\n"),
    );
    expect(doing((items) => [{ wait: 1 }, ...items])).toContain(
      "  # first\n  - wait: 1\n  - emit:\n      event: hi   # loud",
    );
    expect(doing(([first]) => [first, { set: { name: "a", value: "x, y" } }])).toBe(
      FILE.replace("value:   1}", "value:   'x, y'}").replace("value:   'x, y'}", 'value:   "x, y"}'),
    );
  });

  it("keeps Windows line ends, and a last line without an end", () => {
    expect(edit("a: 1\r\nb:\r\n  c: 2\r\n", () => ({ a: 1, b: { c: 2, d: [1] }, e: 3 }))).toBe(
      "a: 1\r\nb:\r\n  c: 2\r\n  d:\r\n    - 1\r\ne: 3\r\n",
    );
    expect(edit("a: 1", () => ({ a: 1, b: 2 }))).toBe("a: 1\nb: 2");
    expect(edit("# nothing yet\n", () => ({ a: 1 }))).toBe("# nothing yet\na: 1\n");
    expect(edit("", () => ({ a: 1 }))).toBe("a: 1\n");
  });

  it("keeps the order and indentation of JSON", () => {
    const text = '{\n    "b": 1,\n    "a": {"c": 2}\n}\n';
    expect(edit(text, () => ({ a: { c: 3 }, b: 1, d: 4 }), "pages/p.json")).toBe(
      '{\n    "b": 1,\n    "a": {\n        "c": 3\n    },\n    "d": 4\n}\n',
    );
  });

  it("says what was asked for, whatever the file looked like", () => {
    const files = ["demo/workspaces/sales-assistant", "demo/workspaces/customer-support-desk"].flatMap(
      (folder) =>
        readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((name) => name.endsWith(".yml"))
          .map((name) => readFileSync(join(folder, name), "utf8")),
    );
    const odd = [
      FILE,
      "a: &x {b: 1}\nc: *x\n",
      "a: |+\n  text\n\n\nb: 1\n",
      "- 1\n",
      "? a\n: 1\nb: 2\n",
      "a:\n- b: 1\n  c: 2\n-\n  d: 3\n- - e\n",
      "---\na: !tag b\n",
      "a: {\n  b: 1, # one\n  c: [2]\n}\n",
    ];
    const leaf = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("a: b", "# x", "- y", "two\nlines", "tail\n\n", " lead", "yes", "null", "1", ""),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        fc.array(tie("node"), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom("slug", "name", "a", "b", "do", "emit", "odd key: x"), tie("node"), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
      ),
    })).node;
    const mutation = fc.record({
      seed: fc.nat(),
      value: tree,
      kind: fc.constantFrom("set", "delete", "insert"),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...files, ...odd),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        (text, changes) => {
          const parsed = (parse(text) ?? {}) as unknown;
          const root = (Array.isArray(parsed) ? { list: parsed } : parsed) as Fields;
          const target = JSON.parse(JSON.stringify(root)) as Fields;
          for (const change of changes) mutate(target, change);
          const written = editText(Buffer.from(text), "index.yml", target);
          expect(parse(written) ?? {}).toEqual(target);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Changes something somewhere inside. */
function mutate(root: Fields, { seed, value, kind }: { seed: number; value: unknown; kind: string }): void {
  const places: (Fields | unknown[])[] = [];
  const walk = (node: unknown) => {
    if (typeof node !== "object" || node === null) return;
    places.push(node as Fields | unknown[]);
    Object.values(node).forEach(walk);
  };
  walk(root);
  const place = places[seed % places.length] ?? root;
  if (Array.isArray(place)) {
    const at = seed % (place.length + 1);
    place.splice(at, kind === "insert" ? 0 : 1, ...(kind === "delete" ? [] : [value]));
    return;
  }
  const keys = Object.keys(place);
  const key = kind === "insert" ? "added" : (keys[seed % Math.max(1, keys.length)] ?? "added");
  if (kind === "delete") Reflect.deleteProperty(place, key);
  else place[key] = value;
}
