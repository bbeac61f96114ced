import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { AppError } from "@/lib/domain/error";
import { editText, type Fields } from "../edit-text";

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

  it("removes a field with what stands inside it, and leaves the comments around it", () => {
    const without = edit(FILE, ({ config: _config, ...rest }) => rest);
    expect(without).toBe(FILE.replace(/config:[^]*title: "A"}\n/, ""));
    const inner = edit("a:\n  # of b\n  b: 1 # one\n    # of one\n  c: 2 # of c\n", () => ({ a: { c: 2 } }));
    expect(inner).toBe("a:\n  # of b\n  c: 2 # of c\n");
  });

  it("keeps a commented-out item in its list when the next key comes or goes", () => {
    const text = "slug: a\nlabels:\n  - x\n  # - y, not yet\n";
    const more = edit(text, (value) => ({ ...value, do: [] }));
    expect(more).toBe(`${text}do: []\n`);
    expect(edit(more, ({ do: _do, ...rest }) => rest)).toBe(text);
    expect(edit(text, () => ({ slug: "a", labels: ["x", "z"] }))).toBe(text.replace("- x\n", "- x\n  - z\n"));
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
    expect(doing((items) => [{ wait: 1 }, ...items])).toBe(
      FILE.replace("  # first\n", "  - wait: 1\n  # first\n"),
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

  it("moves the items of a list with their text and the comments above them", () => {
    const text = "a:\n# one\n- 12345678901234567890 # big\n# two\n- {b: .inf,   c: 0o17}\n- z\n";
    expect(edit(text, ({ a }) => ({ a: [...(a as unknown[])].reverse() }))).toBe(
      "a:\n- z\n# two\n- {b: .inf,   c: 0o17}\n# one\n- 12345678901234567890 # big\n",
    );
  });

  it("changes an item and takes another away without touching the numbers of its neighbours", () => {
    const text = "- {id: 12345678901234567890, n: 1}\n- {id: 22345678901234567891, n: 2}\n- n: 3 # c\n";
    const list = text.replaceAll("- ", "  - ");
    const after = edit(`a:\n${list}`, ({ a }) => {
      const [, second, third] = a as Fields[];
      return { a: [{ ...second, n: 5 }, third] };
    });
    expect(after).toBe("a:\n  - {id: 22345678901234567891, n: 5}\n  - n: 3 # c\n");
  });

  it.each([
    [
      "a file in brackets",
      "{a: 1, b: [x, y] } # c\n",
      { a: 1, b: ["x", "y", "z"], c: 2 },
      "{a: 1, b: [x, y, z], c: 2 } # c\n",
    ],
    [
      "brackets over several lines",
      "a: [\n  1, # one\n  2 # two\n]\n",
      { a: [1, 2, 3] },
      "a: [\n  1, # one\n  2, # two\n  3\n]\n",
    ],
    [
      "a document's marks",
      "%YAML 1.2\n---\na: 1\n...\n# over\n",
      { a: 2, b: 1 },
      "%YAML 1.2\n---\na: 2\nb: 1\n...\n# over\n",
    ],
    ["a byte order mark", "\ufeffa: 1\nb: 2\n", { b: 3, c: 4 }, "\ufeffb: 3\nc: 4\n"],
    ["explicit keys", "? a\n: 1\n? [x, y]\n: 2\n", { a: 3, "[ x, y ]": 2 }, "? a\n: 3\n? [x, y]\n: 2\n"],
    ["an anchor and a tag", "a: &x !t {b: 1}\nc: 2\n", { a: { b: 3 }, c: 2 }, "a: &x !t {b: 3}\nc: 2\n"],
    [
      "a block's form",
      "a: |2- # said\n    one\n  two\nb: 1\n",
      { a: "  three", b: 1 },
      "a: |2- # said\n    three\nb: 1\n",
    ],
    [
      "empty lines that are text",
      "a: |+\n  one\n\n\nb: 1\n",
      { a: "one\n\n\n", b: 1, c: 2 },
      "a: |+\n  one\n\n\nb: 1\nc: 2\n",
    ],
    ["an empty list's comment", "do: [] # none\n", { do: [{ a: 1 }] }, "do: # none\n  - a: 1\n"],
    ["the first key behind a hyphen", "a:\n- b: 1 # x\n  c: 2\n", { a: [{ c: 2 }] }, "a:\n- c: 2\n"],
    ["a value over several lines", "a: one\n  two # c\nb: 1\n", { a: ["x"], b: 1 }, "a: # c\n  - x\nb: 1\n"],
  ])("keeps %s", (_, text, target, wanted) => {
    expect(editText(Buffer.from(text), "index.yml", target)).toBe(wanted);
  });

  it("refuses what would change another place, names it, and says why", () => {
    const refusal = (text: string, target: Fields) => {
      try {
        editText(Buffer.from(text), "index.yml", target);
      } catch (error) {
        if (error instanceof AppError) return [error.code, error.details?.field, error.message];
        throw error;
      }
      return [];
    };
    const anchored = "base: &b {x: 1}\nlist: [*b]\n";
    expect(refusal(anchored, { base: { x: 1 }, list: [{ x: 2 }] })).toEqual([
      "UnreadableContent",
      "list[0].x",
      "index.yml: list[0].x cannot be changed on its own: it is an alias of another value, which would change as well. Edit the file's text instead.",
    ]);
    expect(refusal(anchored, { base: { x: 2 }, list: [{ x: 1 }] })[1]).toBe("base.x");
    expect(refusal(anchored, { list: [{ x: 1 }] })[1]).toBe("base");
    expect(editText(Buffer.from(anchored), "index.yml", { base: { x: 2 }, list: [{ x: 2 }] })).toBe(
      "base: &b {x: 2}\nlist: [*b]\n",
    );
    expect(editText(Buffer.from(anchored), "index.yml", { base: { x: 1 }, list: ["c"] })).toBe(
      "base: &b {x: 1}\nlist: [c]\n",
    );
  });

  it("keeps every byte of JSON around the value", () => {
    const text = '\ufeff{\n    "b": 1e400,\r\n    "a": {"c" :2},  "id": 12345678901234567890\n}';
    expect(
      edit(text, () => ({ a: { c: 3, e: [] }, b: null, id: 12345678901234567000 }), "pages/p.json"),
    ).toBe(text.replace("2}", '3, "e": []}'));
    const list = '{"a":[1,2,3],"b":{}}\n';
    expect(edit(list, () => ({ a: [1, 3], b: { c: 1 } }), "p.json")).toBe('{"a":[1,3],"b":{"c":1}}\n');
  });
});
