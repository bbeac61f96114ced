import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checksumsOf, headOf, headWritten, readManifest, writeManifest } from ".";
import { readPlainYaml } from "../yaml/plain-yaml";

const AWKWARD = [
  "true",
  "No",
  "1e5",
  "0x1f",
  "-",
  "- a",
  "a: b",
  "a #b",
  "*a",
  "'",
  '"',
  "null",
  "~",
  "2026-11-22",
  "Custom Code",
  "é",
  "a\u2028b",
  "{a}",
  "nested/page",
  "trailing.",
];

function manifestOf(names: readonly string[]) {
  const bytes = Buffer.from("slug: x\n");
  return {
    workspaceId: names[0] ?? "abc1234",
    versionName: "2026-11-22.143015",
    exportedAt: new Date("2026-11-22T14:30:15Z"),
    facts: {
      groups: [...names],
      dependsOn: names.map((name) => `app/${name}`),
      app: { slug: "desk", name: "Desk: the app", description: { en: "Line\nbreak", fr: "# non" } },
    },
    checksums: checksumsOf(names.map((name) => ({ path: `automations/${name}.yml`, bytes }))),
  };
}

describe(".import.yml", () => {
  test("is read back as it was written, whatever the names look like", () => {
    const written = manifestOf(AWKWARD);
    const text = writeManifest(written);
    expect(parse(text)).toEqual({
      workspaceId: written.workspaceId,
      version: { type: "export", name: written.versionName, exportedAt: "2026-11-22T14:30:15.000Z" },
      groups: written.facts.groups,
      dependsOn: written.facts.dependsOn,
      app: written.facts.app,
      checksums: written.checksums,
    });
    const read = readManifest(Buffer.from(text));
    expect(read.groups).toEqual(AWKWARD);
    expect(Object.keys(read.checksums?.automations ?? {}).sort()).toEqual([...AWKWARD].sort());
  });

  test("names an automatic version without quotes, as scripts look for it", () => {
    expect(writeManifest(manifestOf([]))).toContain("\n  name: 2026-11-22.143015\n");
  });

  test("is read without the parser as the parser would read it", () => {
    const names = fc.array(fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ maxLength: 12 })), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(names, fc.boolean(), (found, isApp) => {
        const facts = {
          groups: found,
          dependsOn: found,
          app: isApp ? { slug: "desk", name: "Desk" } : undefined,
        };
        const written = { ...manifestOf([...new Set(found)]), facts };
        const text = writeManifest(written);
        expect(headOf(readManifest(Buffer.from(text)))).toEqual(headWritten(written));
        const own = readPlainYaml(text);
        // A key of that name is the parser's, which makes a field of it and no prototype.
        if (found.includes("__proto__")) return own === null;
        return own !== null && isDeepStrictEqual(own, parse(text));
      }),
      { examples: [[["__proto__"], false]] },
    );
  });

  test("names no file where a workspace has none", () => {
    const text = writeManifest({
      ...manifestOf([]),
      facts: { groups: [], dependsOn: [], app: undefined },
    });
    expect(parse(text)).toMatchObject({
      groups: [],
      dependsOn: [],
      checksums: { automations: {}, pages: {}, imports: {} },
    });
  });
});
