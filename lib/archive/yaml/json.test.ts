import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/error";
import { editText } from "../edit/edit-text";
import { checkReadable, parseStructured } from ".";

const bytes = (text: string) => Buffer.from(text);

function problemOf(text: string): unknown {
  try {
    checkReadable("automations/a.json", bytes(text));
  } catch (error) {
    if (error instanceof AppError) return error.details?.problem;
    throw error;
  }
  return null;
}

describe("Reading JSON", () => {
  test("refuses what is nested without end and a key twice at any depth", () => {
    const deep = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect(problemOf(deep)).toBe("is nested deeper than 64 levels.");
    expect(problemOf('{"a":[{"b":1,"\\u0062":2}]}')).toBe('has the key "b" twice.');
    expect(problemOf('{"__proto__":1,"a":{"__proto__":{}}}')).toBeNull();
    expect(problemOf('{"a":')).toContain("is not readable JSON");
  });

  test("takes the same key in several maps, and texts that look like keys and brackets", () => {
    const text = '[{"a":"\\"a\\":{[","b":["a","a",{"a":1}]},{"a":2},"a","a"]';
    expect(problemOf(text)).toBeNull();
    expect(parseStructured(bytes(text), "a.json")).toEqual(JSON.parse(text));
    expect(problemOf(`{"a":${"[".repeat(63)}${"]".repeat(63)}}`)).toBeNull();
  });

  test("takes a byte order mark, which an edit keeps", () => {
    const text = '\ufeff{\n  "slug": "a"\n}\n';
    expect(parseStructured(bytes(text), "a.json")).toEqual({ slug: "a" });
    expect(editText(bytes(text), "a.json", { slug: "b" })).toBe('\ufeff{\n  "slug": "b"\n}\n');
  });
});
