import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { runs } from "@/lib/testing/runs";
import { readPlainYaml } from "./plain-yaml";

/** Scalars and what looks like some, each of which may stand after a key, a hyphen or between brackets. */
const PIECES = [
  ..."b|x y|true|True|null|~|yes|0|-7|007|1.5|1e3|0x1f|.5|12345678901234567|2026-11-22|2026-11-22T14:30:15.000Z".split(
    "|",
  ),
  ..."bench:all|a: b|a:|a #b|a#b|# c|'b'|'it''s'|\"b\"|\"\\n\"|\"\\x41\"|{}|[]|[x]|[x, y]|[x,y]|[ x ]|[x:y]|[x: y]|[true]".split(
    "|",
  ),
  ..."{a: b}|&a b|*a|!t b|- b|-b|--- |?|? b|%a|@a|`a|é|straße|a é|a\u00a0b|a\u2028b|a\tb|a\u0000b|b \u{1f600}|b,c|b]|b}|<<".split(
    "|",
  ),
  "|",
  ">",
  "",
  " ",
];
const FRAMES = [
  "a: @",
  "b: @",
  "  a: @",
  "  b: @",
  "    a: @",
  "- @",
  "  - @",
  "@: a",
  "@:",
  "  @:",
  "@",
  "# @",
  "  # @",
  "a: @ ",
  "a: @\r",
];

describe("YAML of the plain kind", () => {
  test("is read without the parser as the parser would read it, and what is not is left to it", () => {
    const line = fc
      .tuple(fc.constantFrom(...FRAMES), fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 6 })))
      .map(([frame, piece]) => frame.replace("@", () => piece));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
        const text = lines.join("\n");
        const value = readPlainYaml(text);
        return value === null || isDeepStrictEqual(value, parse(text));
      }),
      { numRuns: runs(20_000) },
    );
  });

  test("is what people write into index.yml", () => {
    const text = `# The shop\nname: Shop & more — Zürich, (1st floor)!\nslug: shop\nlabels: [bench:all, core]\n`;
    const more = `photo: https://example.com/a.png?b=1\nlimits:\n  # a day\n  calls: 500\n  open: true\nlocales:\n  - fr\n  - 'en'\n`;
    expect(readPlainYaml(text + more)).toEqual(parse(text + more));
    expect(readPlainYaml(text + more)).toMatchObject({
      labels: ["bench:all", "core"],
      limits: { calls: 500 },
    });
  });

  test("nests no deeper than it may", () => {
    const deep = Array.from({ length: 100 }, (_, at) => `${" ".repeat(at * 2)}a:`).join("\n");
    expect(readPlainYaml(`${deep} b`)).toBeNull();
  });
});
