import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checksumsOf, readManifest, writeManifest } from "./manifest";

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
