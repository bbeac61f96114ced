import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "@/lib/testing/runs";
import { isSimpleYaml } from "./simple-yaml";
import { parseYamlDocument } from ".";

const BODIES = [
  ..."a: 1|b: two words|a:|b:|c: |True: 1|c: 'it''s'|d: \"x\\n\"|d: \"x\\q\"|e: |-|f: >|g: |+|k with space: v".split(
    "|",
  ),
  ...[
    "key: |",
    "key: >-",
    "text of a block",
    "# comment",
    "a: # comment",
    "a: 1 # comment",
    "a: b: c",
    "a: b:",
  ],
  ...[
    "'a': 1",
    '"b": 2',
    "a : 1",
    "? a",
    ": b",
    "*a",
    "a: *b",
    "a: &b 1",
    "a: !t 1",
    "a: {}",
    "a: []",
    "a: [x, y]",
  ],
  ...[
    "a: [x",
    "a: {b: 1}",
    "a: -",
    "a: - b",
    "a: -1",
    "a: 'open",
    'a: "open',
    "a: @b",
    "a: `b`",
    "a: %b",
    "<<: x",
  ],
  ...[
    "__proto__: 1",
    "a: {{config.b}}",
    "a: x {{config.b}}",
    "a: 5 * * * *",
    "plain",
    "é: ü",
    "---",
    "...",
    "\ta: 1",
  ],
  ...[
    "a: <p>1</p>",
    "a: ~",
    "a: 12:30",
    "a: http://x",
    "a: |2",
    "a: >1-",
    "- ",
    "-",
    "a: 'x' y",
    'a: "x" #y',
    "a: '#'",
  ],
];

const FLOW = [
  ..."{|}|[|]|, |,|: |a|b: |'it''s'|\"x\"|-1|- |x y|$regex: |{ a: 1 }|[]| # c|#|1.5|*a|&a|!t|?|:|true: |".split(
    "|",
  ),
  " ",
];
const flow = fc
  .array(fc.constantFrom(...FLOW), { minLength: 1, maxLength: 9 })
  .map((parts) => `a: ${["{ ", "[", "{", "["][parts.length % 4] ?? ""}${parts.join("")}`);
const closed = flow.map((text) => `${text}${text.startsWith("a: {") ? " }" : "]"}`);

const line = fc
  .tuple(fc.nat(7), fc.constantFrom("", "", "", "- ", "- - ", "-   "), fc.constantFrom(...BODIES, ""))
  .map(([indent, items, body]) => `${" ".repeat(indent)}${items}${body}`);

function reads(text: string): boolean {
  try {
    parseYamlDocument(text, "any.yml");
    return true;
  } catch {
    return false;
  }
}

describe("The quick look at YAML", () => {
  test("never takes a text that the parser refuses", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 7 }), (lines) => {
        const text = lines.join("\n");
        return !isSimpleYaml(text) || reads(text);
      }),
      { numRuns: Number(process.env["YAML_RUNS"] ?? runs(20_000)) },
    );
  });

  test("never takes brackets that the parser refuses", () => {
    fc.assert(
      fc.property(fc.oneof(flow, closed), (text) => !isSimpleYaml(text) || reads(text)),
      { numRuns: Number(process.env["YAML_RUNS"] ?? runs(10_000)) },
    );
  });

  test("takes what people write", () => {
    const text = [
      "# An automation",
      "slug: answer",
      "name: Answer a question",
      "when:",
      "  endpoint: true",
      "  events: [message, ticket.created]",
      "do:",
      "  - set:",
      "      name: reply",
      "      value: 'It''s {{config.name}}'",
      "  - comment: |",
      "      Several lines:",
      "",
      "        - of text # no comment",
      "  - if:",
      '    - conditions: "{{a}} > 1"',
      "      then: []",
      "arguments: { text: { type: string }, labels: [a, 'b: c'] } # in one line",
      "output: -1",
      "",
    ].join("\n");
    expect(isSimpleYaml(text)).toBe(true);
    expect(reads(text)).toBe(true);
  });

  test("leaves to the parser what could be refused", () => {
    for (const text of [
      "a: 1\na: 2",
      "a: 1\n b: 2",
      "a: b: c",
      "- a\nb: 1",
      "a: *x",
      "a: |\n    x\n  y\n",
      "\ta: 1",
    ])
      expect(isSimpleYaml(text), text).toBe(false);
  });
});
