import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "@/lib/domain/error";
import { git, writeFiles } from "@/lib/testing/git/run";
import { rawZip, unicodeName, type RawEntry } from "@/lib/testing/zip/raw-zip";
import { aZip, bytesOf, ZIP_DATE } from "@/lib/testing/zip/zip";
import { layoutOf } from "./layout";
import { bytesOfFile } from "./bytes";
import { checkedFiles, openZip, type ZipLimits } from "./read-zip";
import { writeZip } from "./write-zip";

const LIMITS: ZipLimits = { inflatedBytes: 10_000, entries: 20 };
let folder = "";
const open: number[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-zip-"));
});
afterAll(() => {
  for (const fd of open) closeSync(fd);
  rmSync(folder, { recursive: true, force: true });
});

/** All of an archive, read as an upload is. */
async function read(archive: Uint8Array, limits: Partial<ZipLimits> = {}) {
  const path = join(folder, `${String(open.length)}.zip`);
  writeFileSync(path, archive);
  const fd = openSync(path, "r");
  open.push(fd);
  const zip = await openZip(await bytesOfFile(fd), { ...LIMITS, ...limits });
  return { junk: zip.junk, ...(await checkedFiles(zip, zip.entries)) };
}

async function names(archive: Uint8Array): Promise<string[]> {
  return (await read(archive)).files.map(({ path }) => path);
}

async function refusal(archive: Uint8Array, limits: Partial<ZipLimits> = {}): Promise<string> {
  const error = await read(archive, limits).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError))
    throw new Error("This archive should have been refused.", { cause: error });
  return `${error.code}: ${error.message}`;
}

test("what was written is read again: names, bytes and executable bits", async () => {
  const content: Record<string, Uint8Array> = {
    "current/index.yml": Buffer.from("name: Café # ☕\r\n"),
    "current/imports/Custom Code.yml": Buffer.from(""),
    "current/pages/docs/a.yml": Buffer.from([0xef, 0xbb, 0xbf, 0x61]),
    "current/run.sh": Buffer.from("#!/bin/sh\n"),
    "current/logo.png": Buffer.from([0, 255, 1, 254]),
  };
  const inputs = Object.entries(content).map(([path, bytes]) => ({
    path,
    mode: path.endsWith(".sh") ? ("100755" as const) : ("100644" as const),
    bytes: () => Promise.resolve(bytes),
  }));
  const archive = await bytesOf(writeZip(inputs, ZIP_DATE));
  const zip = await read(archive);
  expect(zip.files.map(({ path, mode }) => [path, mode])).toEqual(
    inputs.map(({ path, mode }) => [path, mode]),
  );
  const blobs = await zip.read(zip.files.map(({ oid }) => oid));
  for (const { path, oid } of zip.files)
    expect(Buffer.from(blobs.get(oid) ?? []).equals(Buffer.from(content[path] ?? []))).toBe(true);
  expect(await bytesOf(writeZip(inputs, ZIP_DATE))).toEqual(archive);
});

test("an archive that git made, which shares no code with us, is read", async () => {
  const repository = join(folder, "repository");
  await mkdir(repository);
  await git(repository, "init", "-q");
  await writeFiles(repository, { "index.yml": "name: Café\n", "pages/a b.yml": "slug: a\n" });
  await git(repository, "add", ".");
  await git(repository, "commit", "-qm", "first");
  const path = join(folder, "git.zip");
  await git(repository, "archive", "--format=zip", "--prefix=shop/", "-o", path, "HEAD");
  const { files, read: bytesAt } = await read(readFileSync(path));
  expect(files.map((file) => file.path)).toEqual(["shop/index.yml", "shop/pages/a b.yml"]);
  const [first] = files;
  const blobs = await bytesAt(first ? [first.oid] : []);
  expect(Buffer.from(first ? (blobs.get(first.oid) ?? []) : []).toString()).toBe("name: Café\n");
});

const HOSTILE: [string, RawEntry[], RegExp][] = [
  ["a path that climbs out", [{ name: "a/../../etc/passwd" }], /outside the workspace/],
  ["an absolute path", [{ name: "/etc/passwd" }], /outside the workspace/],
  ["a drive letter", [{ name: "C:/windows" }], /outside the workspace/],
  ["a path that climbs out by backslashes", [{ name: "a\\..\\..\\b" }], /outside the workspace/],
  ["an absolute path of Windows", [{ name: "\\share" }], /outside the workspace/],
  ["one name in both forms of Unicode", [{ name: "Caf\u00e9" }, { name: "Cafe\u0301" }], /is there twice/],
  ["a file and a folder of one name", [{ name: "a/b" }, { name: "A" }], /is a file and a folder/],
  [
    "a folder's entry of a file's name",
    [{ name: "a/" }, { name: "a", content: "x" }],
    /is a file and a folder/,
  ],
  ["bytes behind the end of its content", [{ name: "a", content: "x", tail: "hidden" }], /after the end/],
  ["a symbolic link", [{ name: "index.yml", content: "/etc/passwd", mode: 0o120777 }], /symbolic link/],
  ["a device", [{ name: "index.yml", mode: 0o020644 }], /not a regular file/],
  ["the same name twice", [{ name: "index.yml" }, { name: "index.yml" }], /is there twice/],
  ["an encrypted file", [{ name: "index.yml", flags: 0x801 }], /is encrypted/],
  ["a wrong checksum", [{ name: "index.yml", content: "a", claims: { crc: 1 } }], /checksum \(CRC\)/],
  [
    "too small a size",
    [{ name: "index.yml", content: "a".repeat(500), claims: { size: 5 } }],
    /size it claims/,
  ],
  ["too big a size", [{ name: "index.yml", content: "a", claims: { size: 50 } }], /size it claims/],
  ["an unknown method", [{ name: "index.yml", method: 12 }], /compressed with a method/],
  ["a folder with content", [{ name: "a/", content: "x" }], /folder that claims/],
  [
    "two names for one entry",
    [{ name: "index.yml", claims: { localName: "other.yml" } }],
    /a different name/,
  ],
  [
    "two entries that share their bytes",
    [
      { name: "a.yml", content: "x" },
      { name: "b.yml", content: "x", sharesPrevious: true },
    ],
    /shares its bytes with a\.yml/,
  ],
];

test.each(HOSTILE)("an archive with %s is refused, and the entry is named", async (_, entries, problem) => {
  const said = await refusal(rawZip(entries));
  expect(said).toMatch(problem);
  expect(said).toContain("UnreadableContent");
  const name = String(entries.at(-1)?.name).replaceAll("\\", "/").normalize("NFC");
  expect(said).toContain(JSON.stringify(name));
});

test("a bomb is refused before it is unpacked: by the file, the whole, and the number of entries", async () => {
  const zeros = (size: number) => Buffer.alloc(size);
  const three = ["a", "b", "c"].map((name) => ({ name, content: zeros(4000) }));
  expect(await refusal(rawZip(three))).toMatch(/TooLarge.*unpacks to more/);
  expect(await refusal(rawZip(three), { entries: 2 })).toMatch(/TooLarge.*3 entries/);
});

test("what is no archive, or is cut off, is refused in words", async () => {
  expect(await refusal(Buffer.from("not a zip"))).toMatch(/not a zip archive that can be read/);
  expect(await refusal(Buffer.alloc(0))).toMatch(/not a zip archive that can be read/);
  const whole = await aZip({ "index.yml": "name: x\n" });
  expect(await refusal(whole.subarray(0, whole.length - 30))).toMatch(/not a zip archive that can be read/);
});

const CAFE = "imports/Caf\u00e9.yml";
const CP437 = Buffer.from("imports/Caf\x82.yml", "latin1");
const EVERYDAY: [string, RawEntry[], string[]][] = [
  [
    "the backslashes of Windows PowerShell",
    [{ name: "shop\\pages\\a.yml" }, { name: "shop\\" }],
    ["shop/pages/a.yml"],
  ],
  ["a dot in front", [{ name: "./" }, { name: "./shop/" }, { name: "./shop/./a.yml" }], ["shop/a.yml"]],
  ["names without the UTF-8 flag", [{ name: CAFE, flags: 0 }], [CAFE]],
  ["the decomposed names of a Mac", [{ name: CAFE.normalize("NFD") }], [CAFE]],
  ["names in the code page of DOS", [{ name: CP437, flags: 0 }], [CAFE]],
  [
    "names in Info-ZIP's field",
    [{ name: "imports/Caf_.yml", flags: 0, extra: unicodeName("imports/Caf_.yml", CAFE) }],
    [CAFE],
  ],
  [
    "stored files and entries of folders",
    [{ name: "a/" }, { name: "a/b", content: "x", method: 0 }],
    ["a/b"],
  ],
  ["an extra field of the zip64 format", [{ name: "a", extra: Buffer.from([1, 0, 0, 0]) }], ["a"]],
];

test.each(EVERYDAY)("an archive with %s is read", async (_, entries, expected) => {
  expect(await names(rawZip(entries))).toEqual(expected);
});

test("a name in Unicode that climbs out is refused as any other", async () => {
  const entry = { name: "a.yml", extra: unicodeName("a.yml", "../a.yml") };
  expect(await refusal(rawZip([entry]))).toMatch(/"\.\.\/a\.yml" would be written outside/);
});

test("a stub in front, bytes behind, and the zip64 format are no reason to refuse an archive", async () => {
  const entries = [
    { name: "a.yml", content: "one" },
    { name: "b.yml", content: "two" },
  ];
  for (const zip64 of [false, true]) {
    const archive = rawZip(entries, { zip64 });
    const commented = Buffer.concat([
      archive,
      Buffer.from("PK\x05\x06 says its comment of forty bytes......"),
    ]);
    commented.writeUInt16LE(commented.length - archive.length, archive.length - 2);
    const stub = Buffer.concat([Buffer.from("MZ"), Buffer.alloc(70_000, "stub PK\x05\x06")]);
    for (const whole of [
      archive,
      commented,
      [stub, archive],
      [archive, Buffer.from("\nsigned\n")],
      [stub, archive, Buffer.alloc(9)],
    ].map((parts) => Buffer.concat([parts].flat()))) {
      const { files, read: bytesAt } = await read(whole);
      const blobs = await bytesAt(files.map(({ oid }) => oid));
      expect(files.map(({ path, oid }) => [path, Buffer.from(blobs.get(oid) ?? []).toString()])).toEqual([
        ["a.yml", "one"],
        ["b.yml", "two"],
      ]);
    }
  }
});

test("what systems and tools leave in folders is left out and named, a folder once, whatever is in it", async () => {
  const junk = [
    "__MACOSX/shop/._a.yml",
    "shop/.DS_Store",
    "shop/Thumbs.db",
    "shop/pages/desktop.ini",
    "shop/._b.yml",
  ];
  const git: RawEntry[] = [
    { name: "shop/.git/HEAD" },
    { name: "shop/.git/hooks/link", mode: 0o120777 },
    { name: "shop/.git/objects/big", content: Buffer.alloc(50_000) },
  ];
  const kept = ["shop/a.yml", "shop/.gitignore", "shop/.github/ci.yml"].map((name) => ({ name }));
  const zip = await read(rawZip([...junk.map((name) => ({ name })), ...git, ...kept]));
  expect(zip.files.map(({ path }) => path)).toEqual(kept.map(({ name }) => name));
  expect(zip.junk).toEqual(["__MACOSX", ...junk.slice(1), "shop/.git"]);
  expect(await refusal(rawZip([{ name: "shop/.git/../../a" }]))).toMatch(/outside the workspace/);
});

test("the number of entries is what the end of the archive says, and a lie about it is refused", async () => {
  const many = Array.from({ length: 200 }, (_, at) => ({ name: String(at) }));
  for (const zip64 of [false, true]) {
    expect(await refusal(rawZip(many, { zip64 }))).toMatch(/TooLarge: .* 200 entries; the limit is 20/);
    expect(await refusal(rawZip(many, { zip64, count: 3 }))).toMatch(/directory contains more than it says/);
    expect(await refusal(rawZip(many.slice(0, 3), { zip64, count: 15 }))).toMatch(/not a zip archive/);
  }
});

async function layout(...paths: string[]) {
  const { files } = await read(rawZip(paths.map((name) => ({ name, content: "a" }))));
  return layoutOf(files);
}

test("the top folder is taken off, and several workspaces are told from one", async () => {
  const one = await layout("current/index.yml", "current/pages/a.yml");
  expect(one).toMatchObject({ kind: "workspace", folder: "current" });
  expect(one.kind === "workspace" && one.files.map(({ path }) => path)).toEqual(["index.yml", "pages/a.yml"]);
  expect(await layout("index.yml", "pages/a.yml")).toMatchObject({ kind: "workspace", folder: "" });
  for (const several of [
    await layout("workspaces/shop/index.yml", "workspaces/blog/index.yml"),
    await layout("shop/index.yml", "blog/index.yml", "blog/pages/a.yml", "README.md"),
  ])
    expect(several.kind === "fleet" && [...several.workspaces.keys()].sort()).toEqual(["blog", "shop"]);
  expect(await layout("workspaces/shop/index.yml")).toMatchObject({ kind: "fleet" });
  await expect(layout("pages/a.yml")).rejects.toThrow(/no index\.yml/);
});
