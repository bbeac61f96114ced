import fc from "fast-check";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/domain/error";
import { runs } from "@/lib/testing/runs";
import { linesOf, linesOfValue, type Path } from "@/lib/testing/yaml/lines";
import { chance, OddYaml } from "@/lib/testing/yaml/odd-yaml";
import { parseStructured } from "../../yaml";
import { editText } from "../edit-text";
import { asJson, isFields, sameValue, type Fields } from "../values";

const FILES = readdirSync("demo/workspaces", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".yml"))
  .map((name) => readFileSync(join("demo/workspaces", name), "utf8"));
const VALUES = [
  ...[
    "new",
    "two\nlines",
    "tail\n\n",
    " lead\nx",
    "yes",
    "1",
    "",
    "# x",
    "- y",
    "a: b",
    "x\r\ny",
    "\t",
    "a\u0001b",
  ],
  ...[
    "\ud83d\ude00",
    "[x]",
    "{x",
    "*a",
    "&a",
    "!t",
    "%",
    "@",
    "`",
    "|",
    "?",
    "---",
    "--- x\n... y",
    "word # c",
    "\n",
  ],
  ...["trail ", "a\n b\n  c\n", 7, -1.5, true, null, 12345678901234567000],
  ...[[], {}, [1, "a"], { k: 1 }, { k: { l: ["x"] } }, [{ k: 1, l: "two\nlines" }, ["n"]]],
];
const NAMES = ["added", "x y", "yes", "null", "1 2", "k#", "- z", "a: b", "", "two\nlines"];

type Kind = "set" | "delete" | "add" | "reorder";
interface Edit {
  kind: Kind;
  /** The value whose lines may change. */
  path: Path;
  target: Fields;
}

function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null || (isFields(value) && value.type === "Buffer"))
    return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...keys.flatMap((key) => placesIn((value as Fields)[key], [...path, key]))];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inside, step) => (inside as Fields)[step], value);
}

/** One change somewhere in a value; null where chance leads to none. */
function anyEdit(before: Fields, random: () => number): Edit | null {
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  const target = asJson(before) as Fields;
  const path = pick(placesIn(before));
  const place = at(target, path);
  const kind = pick<Kind>(["set", "delete", "add", "reorder"]);
  if (Array.isArray(place) && kind === "reorder") place.sort(() => random() - 0.5);
  else if (Array.isArray(place) && kind === "add")
    place.splice(Math.floor(random() * (place.length + 1)), 0, pick(VALUES));
  else if (isFields(place) && (kind === "add" || path.length === 0)) {
    const name = pick(NAMES);
    if (Object.hasOwn(place, name)) return null;
    place[name] = pick(VALUES);
    return { kind: "add", path, target };
  } else return changed({ kind, path, target }, pick(VALUES));
  return { kind, path, target };
}

function changed({ kind, path, target }: Edit, value: unknown): Edit | null {
  const above = path.slice(0, -1);
  const owner = at(target, above) as Fields | unknown[];
  const key = path.at(-1);
  if (key === undefined || kind === "add") return null;
  if (kind !== "delete") {
    (owner as Fields)[key] = value;
    return { kind: "set", path, target };
  }
  // Of two items that the API shows alike nobody can tell which one was left out.
  if (Array.isArray(owner) && owner.filter((item) => sameValue(item, owner[Number(key)])).length > 1)
    return null;
  if (Array.isArray(owner)) owner.splice(Number(key), 1);
  else Reflect.deleteProperty(owner, key);
  // What was the last of its kind leaves brackets behind its owner's key.
  return { kind, path: Object.keys(owner).length === 0 ? above : path, target };
}

/** Whether two texts are the same but for these lines of the first. */
function differWithin(before: string[], after: string[], from: number, to: number): boolean {
  const rest = before.length - to;
  return (
    after.length >= from + rest &&
    before.slice(0, from).every((line, index) => line === after[index]) &&
    before.slice(to).every((line, index) => line === after[after.length - rest + index])
  );
}

function onlyLinesCame(before: string[], after: string[]): boolean {
  let head = 0;
  while (head < before.length && before[head] === after[head]) head++;
  return differWithin(before, after, head, head);
}

function keepsTheRest(text: string, edited: string, { kind, path }: Edit): boolean {
  const before = linesOf(text);
  const after = linesOf(edited);
  if (onlyLinesCame(before, after)) return true;
  const own = linesOfValue(text, path);
  if (!own) return true;
  // In brackets the comma of a neighbour goes, and behind a hyphen the next key moves up.
  const around = kind === "delete" && own.isFlow ? linesOfValue(text, path.slice(0, -1)) : null;
  const isCompact = kind === "delete" && /^\s*[-?:] /.test(before[own.from] ?? "");
  const blank = before.slice(own.to).findIndex((line) => line.trim() !== "");
  const { from, to } = around ?? { from: own.from, to: own.to + (isCompact ? Math.max(0, blank) + 1 : 0) };
  return differWithin(before, after, from, to);
}

function edited(text: string, path: string, target: Fields): string | null {
  try {
    return editText(Buffer.from(text), path, target);
  } catch (error) {
    if (error instanceof AppError && error.code === "UnreadableContent") return null;
    throw error;
  }
}

function read(text: string, path: string): unknown {
  try {
    return asJson(parseStructured(Buffer.from(text), path) ?? {});
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

interface Case {
  text: string;
  path: string;
  before: Fields;
  edit: Edit;
}

function caseOf(seed: number): Case | null {
  const random = chance(seed);
  const text =
    random() < 0.06 ? (FILES[Math.floor(random() * FILES.length)] ?? "") : new OddYaml(random).text();
  const before = read(text, "index.yml");
  if (!isFields(before)) return null;
  const isJson = random() < 0.1;
  const edit = anyEdit(before, random);
  const indent = [undefined, 2, "\t"][Math.floor(random() * 3)];
  const written = isJson ? JSON.stringify(before, null, indent) + (random() < 0.5 ? "\n" : "") : text;
  return edit && { text: written, path: isJson ? "pages/p.json" : "index.yml", before, edit };
}

describe("An edit of any YAML or JSON", () => {
  it("says exactly what was asked for and changes the lines of that value only, or is refused, which is rare", () => {
    let tried = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.noBias(fc.nat()), (seed) => {
        const found = caseOf(seed);
        if (!found) return;
        const { text, path, before, edit } = found;
        const after = edited(text, path, edit.target);
        tried++;
        if (after === null) {
          refused++;
          return;
        }
        expect(read(after, path)).toEqual(edit.target);
        if (sameValue(before, edit.target)) expect(after).toBe(text);
        if (path === "index.yml")
          expect([keepsTheRest(text, after, edit), text, after]).toEqual([true, text, after]);
        // What was added and is taken away again leaves no trace.
        if (edit.kind === "add") expect(edited(after, path, before)).toBe(text);
      }),
      { numRuns: runs(4000) },
    );
    expect(refused / tried).toBeLessThan(0.03);
  });
});
