import { describe, expect, it } from "vitest";
import { boundedMatcher } from "./pattern";
import { validateConfig } from "./validate";

const issues = (schema: unknown, value: unknown) =>
  validateConfig(schema, value).map(({ path, message }) => `${path}: ${message}`);

describe("A schema form", () => {
  it("knows every field type", () => {
    const properties = Object.fromEntries(
      [
        "string",
        "number",
        "boolean",
        "object",
        "array",
        "localized:string",
        "localized:number",
        "localized:boolean",
      ].map((type) => [type, { type }]),
    );
    const schema = { type: "object", properties };
    const good = {
      string: "a",
      number: 1,
      boolean: false,
      object: {},
      array: [],
      "localized:string": { en: "a", fr: "b" },
      "localized:number": 3,
      "localized:boolean": { en: true },
    };
    expect(issues(schema, good)).toEqual([]);
    const bad = {
      string: 1,
      number: "1",
      boolean: "yes",
      object: [],
      array: {},
      "localized:string": { en: 1 },
      "localized:number": { en: 1, fr: "x" },
      "localized:boolean": 1,
    };
    expect(issues(schema, bad)).toEqual([
      "string: Must be text.",
      "number: Must be a number.",
      "boolean: Must be true or false.",
      "object: Must be a map of fields.",
      "array: Must be a list.",
      "localized:string.en: Must be text.",
      "localized:number.fr: Must be a number.",
      "localized:boolean: Must be true or false.",
    ]);
  });

  it.each([
    ["required", true, "", "x", "This is required."],
    ["min", { value: 3 }, 2, 3, "Must be at least 3."],
    ["max", { value: 3 }, 4, 3, "Must be at most 3."],
    ["email", true, "ada@", "ada@larkfield.example", "Must be an e-mail address."],
    ["tel", true, "call me", "+33 1 23 45 67 89", "Must be a telephone number."],
    ["date", true, "tomorrow", "2026-11-22", "Must be a date such as 2026-11-22."],
    ["minLength", { value: 2 }, "a", "ab", "Must have at least 2 characters."],
    ["maxLength", { value: 2 }, "abc", "ab", "Must have at most 2 characters."],
    ["pattern", { value: "^[a-z]+$" }, "A1", "ab", "Must match the pattern ^[a-z]+$."],
  ])("validates %s with a message of its own or the author's", (name, rule, bad, good, message) => {
    const type = typeof good;
    const schema = (validator: unknown) => ({ field: { type, validators: { [name]: validator } } });
    expect(issues(schema(rule), { field: good })).toEqual([]);
    expect(issues(schema(rule), { field: bad })).toEqual([`field: ${message}`]);
    const own = { ...(typeof rule === "object" ? rule : { value: true }), message: "Not like this" };
    expect(issues(schema(own), { field: bad })).toEqual(["field: Not like this"]);
  });

  it("looks into objects and lists, and takes required and pattern from the field itself", () => {
    const schema = {
      servers: {
        type: "array",
        items: {
          type: "object",
          properties: {
            host: { type: "string", required: true, pattern: "^[a-z.]+$" },
            port: { type: "number" },
          },
        },
      },
      mode: { type: "string", enum: ["fast", "slow"], enumNames: ["Fast", "Slow"] },
    };
    expect(issues(schema, { servers: [{ host: "a.b" }, { host: "A", port: "x" }, {}], mode: "odd" })).toEqual(
      [
        "servers.1.host: Must match the pattern ^[a-z.]+$.",
        "servers.1.port: Must be a number.",
        "servers.2.host: This is required.",
        "mode: Must be one of fast, slow.",
      ],
    );
  });

  it("leaves references to the run, and a default fills what is missing", () => {
    const schema = {
      limit: { type: "number", required: true },
      key: { type: "string", required: true, default: "x" },
    };
    expect(issues(schema, { limit: "{{config.other}}" })).toEqual([]);
    expect(issues(schema, {})).toEqual(["limit: This is required."]);
  });

  it("falls back to what a field looks like where its type is not known", () => {
    expect(
      issues(
        { a: { type: "colour-picker" }, b: { properties: { c: { type: "number" } } } },
        { a: 1, b: { c: "x" } },
      ),
    ).toEqual(["a: Must be text.", "b.c: Must be a number."]);
  });
});

describe("A pattern that somebody wrote", () => {
  it("cannot hang the server: a search without end is given up", () => {
    const schema = { field: { type: "string", pattern: "^(a+)+$" } };
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${String(at)}`, schema.field]));
    const text = `${"a".repeat(5000)}!`;
    const found = validateConfig(many, Object.fromEntries(Object.keys(many).map((name) => [name, text])));
    expect(found).toHaveLength(100);
    expect(found[0]?.message).toContain("takes too long");
  });

  it("that is none is told, and one that looks ahead still works", () => {
    const matches = boundedMatcher();
    expect(matches("(", "a")).toBe("unclear");
    expect(matches("^(?=.*\\d)\\w+$", "ab1")).toBe("yes");
    expect(matches("^\\p{L}+$", "été")).toBe("yes");
    expect(matches("a".repeat(1001), "a")).toBe("unclear");
  });

  it("reaches nothing of the server", () => {
    expect(boundedMatcher()("x');process.exit(1);('", "x")).toBe("unclear");
  });
});
