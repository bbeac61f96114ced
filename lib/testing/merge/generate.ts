import { fileSpec, type Files, type FileSpec } from "./memory-objects";
import type { Scenario } from "./git-oracle";
import type { Random } from "./random";

const KEYS = ["name", "slug", "do", "emit", "when", "set", "fetch", "url", "value", "repeat", "on", "title"];
const FOLDERS = ["automations", "pages", "imports", "pages/sub", "assets", ""];
const NAMES = ["index", "home", "checkout", "mail", "Custom Code", "a", "b", "c"];

/** Lines that look like YAML, with repeated ones among them. */
function someLines(random: Random, count: number): string[] {
  return Array.from({ length: count }, () => {
    const indent = "  ".repeat(random.below(4));
    const key = random.pick(KEYS);
    if (random.chance(15)) return `${indent}-`;
    if (random.chance(10)) return "";
    return `${indent}${key}: ${random.chance(30) ? "true" : String(random.below(40))}`;
  });
}

/** Some lines replaced, removed, added or moved. */
function editLines(random: Random, lines: readonly string[], edits: number): string[] {
  const result = [...lines];
  for (let edit = 0; edit < edits; edit++) {
    const at = random.below(result.length + 1);
    const size = random.below(4);
    switch (random.below(5)) {
      case 0:
        result.splice(at, size);
        break;
      case 1:
        result.splice(at, 0, ...someLines(random, size));
        break;
      case 2:
        result.splice(random.below(result.length + 1), 0, ...result.splice(at, random.below(8)));
        break;
      case 3:
        result.splice(at, 0, ...result.slice(at, at + random.below(6)));
        break;
      default:
        result.splice(at, size, ...someLines(random, size));
    }
  }
  return result;
}

export interface TextScenario {
  base: string;
  ours: string;
  theirs: string;
}

/** Three versions of a text: often with an edit in common, sometimes without a final line feed or with CRLF. */
export function textScenario(random: Random): TextScenario {
  const base = someLines(random, 1 + random.below(random.pick([6, 30, 120, 800])));
  const shared = random.chance(30) ? editLines(random, base, 1) : base;
  const edits = 1 + random.below(4);
  const version = (lines: readonly string[]) => {
    const end = random.chance(4) ? "\r\n" : "\n";
    return lines.join(end) + (random.chance(92) ? end : "");
  };
  return {
    base: version(base),
    ours: version(editLines(random, shared, edits)),
    theirs: version(editLines(random, shared, random.chance(5) ? edits * 20 : edits)),
  };
}

/** Three versions of a directory of small files, with renames, deletions, modes, links and binary content. */
export function treeScenario(random: Random): Scenario {
  const base: Files = {};
  const count = 1 + random.below(12);
  for (let file = 0; file < count; file++) place(random, base, somePath(random), someFile(random, base));
  if (random.chance(5)) return { base: null, ours: editFiles(random, base), theirs: editFiles(random, base) };
  const shared = random.chance(20) ? editFiles(random, base) : base;
  return { base, ours: editFiles(random, shared), theirs: editFiles(random, shared) };
}

function somePath(random: Random): string {
  const folder = random.pick(FOLDERS);
  const name = `${random.pick(NAMES)}${random.chance(80) ? ".yml" : ""}`;
  return folder === "" ? name : `${folder}/${name}`;
}

function someFile(random: Random, others: Files): FileSpec {
  const existing = Object.values(others);
  if (existing.length > 0 && random.chance(12)) return fileSpec(random.pick(existing));
  if (random.chance(4)) return { bytes: Buffer.alloc(0) };
  if (random.chance(4)) return { mode: "120000", bytes: Buffer.from(random.pick(NAMES)) };
  if (random.chance(3))
    return { mode: "160000", bytes: Buffer.alloc(0), submodule: String(random.below(3) + 1).repeat(40) };
  const text = `${someLines(random, 2 + random.below(25)).join("\n")}\n`;
  const nul = random.chance(4) ? "\0" : "";
  const latin = random.chance(4) ? "caf\xe9\n" : "";
  return { mode: random.chance(10) ? "100755" : "100644", bytes: Buffer.from(nul + latin + text, "latin1") };
}

/** Puts a file where it fits: whatever it would replace, above or below, goes. */
function place(random: Random, files: Files, path: string, file: FileSpec): void {
  for (const other of Object.keys(files)) {
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) Reflect.deleteProperty(files, other);
  }
  files[path] = file;
}

/** The same files after some edits, renames and deletions. */
export function editFiles(random: Random, base: Files): Files {
  const files = { ...base };
  const edits = 1 + random.below(4);
  for (let edit = 0; edit < edits; edit++) editOnce(random, files);
  return files;
}

function editOnce(random: Random, files: Files): void {
  const paths = Object.keys(files);
  const dice = random.below(100);
  if (paths.length === 0 || dice < 15) {
    place(random, files, somePath(random), someFile(random, files));
    return;
  }
  const path = random.pick(paths);
  const file = fileSpec(files[path] ?? "");
  if (dice < 55) files[path] = editedFile(random, file, 3);
  else if (dice < 67) Reflect.deleteProperty(files, path);
  else if (dice < 72) files[path] = withOtherMode(random, file);
  else if (dice < 75) files[path] = someFile(random, files);
  else if (dice < 92) {
    Reflect.deleteProperty(files, path);
    place(random, files, somePath(random), random.chance(60) ? editedFile(random, file, 4) : file);
  } else renameFolder(random, files, path);
}

function editedFile(random: Random, file: FileSpec, most: number): FileSpec {
  if (file.submodule !== undefined) return { ...file, submodule: String(random.below(4) + 1).repeat(40) };
  if (file.mode === "120000") return { ...file, bytes: Buffer.from(random.pick(NAMES)) };
  const lines = Buffer.from(file.bytes).toString("latin1").split("\n");
  const edited = editLines(random, lines, 1 + random.below(most));
  return { ...file, bytes: Buffer.from(edited.join("\n"), "latin1") };
}

function withOtherMode(random: Random, file: FileSpec): FileSpec {
  if (file.submodule !== undefined) return file;
  if (random.chance(20)) return { mode: "120000", bytes: file.bytes };
  return { ...file, mode: file.mode === "100755" ? "100644" : "100755" };
}

function renameFolder(random: Random, files: Files, path: string): void {
  const folder = path.includes("/") ? path.slice(0, path.indexOf("/") + 1) : "";
  if (folder === "") return;
  const target = random.pick(["moved/", "automations/", "pages/old/", "x/y/"]);
  for (const other of Object.keys(files)) {
    const file = files[other];
    if (!other.startsWith(folder) || file === undefined || random.chance(10)) continue;
    Reflect.deleteProperty(files, other);
    place(
      random,
      files,
      target + other.slice(folder.length),
      random.chance(30) ? editedFile(random, fileSpec(file), 2) : fileSpec(file),
    );
  }
}
