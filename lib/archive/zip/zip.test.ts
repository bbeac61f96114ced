import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "@/lib/domain/error";
import { git, writeFiles } from "@/lib/testing/git/run";
import { rawZip, type RawEntry } from "@/lib/testing/zip/raw-zip";
import { aZip, bytesOf, ZIP_DATE } from "@/lib/testing/zip/zip";
import { layoutOf } from "./layout";
import { readZip, type ZipArchive, type ZipLimits } from "./read-zip";
import { writeZip } from "./write-zip";

const LIMITS: ZipLimits = { fileBytes: 4096, inflatedBytes: 10_000, entries: 20 };
let folder = "";
const open: number[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-zip-"));
});
afterAll(() => {
  for (const fd of open) closeSync(fd);
  rmSync(folder, { recursive: true, force: true });
});

function read(archive: Uint8Array, limits: Partial<ZipLimits> = {}): Promise<ZipArchive> {
  const path = join(folder, `${String(open.length)}.zip`);
  writeFileSync(path, archive);
  const fd = openSync(path, "r");
  open.push(fd);
  return readZip(fd, { ...LIMITS, ...limits });
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
  ["a backslash", [{ name: "a\\..\\b" }], /has a backslash in its name/],
  ["a symbolic link", [{ name: "index.yml", content: "/etc/passwd", mode: 0o120777 }], /symbolic link/],
  ["a device", [{ name: "index.yml", mode: 0o020644 }], /no regular file/],
  ["the same name twice", [{ name: "index.yml" }, { name: "index.yml" }], /is there twice/],
  ["an encrypted file", [{ name: "index.yml", flags: 0x801 }], /is encrypted/],
  ["a wrong checksum", [{ name: "index.yml", content: "a", claims: { crc: 1 } }], /checksum \(CRC\)/],
  [
    "too small a size",
    [{ name: "index.yml", content: "a".repeat(500), claims: { size: 5 } }],
    /size it claims/,
  ],
  ["too big a size", [{ name: "index.yml", content: "a", claims: { size: 50 } }], /size it claims/],
  ["an unknown method", [{ name: "index.yml", method: 12 }], /compressed by a method/],
  ["an entry in zip64 form", [{ name: "index.yml", extra: Buffer.from([1, 0, 0, 0]) }], /zip64/],
  ["a folder with content", [{ name: "a/", content: "x" }], /folder that claims/],
  ["two names for one entry", [{ name: "index.yml", claims: { localName: "other.yml" } }], /another name/],
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
  expect(said).toContain(JSON.stringify(String(entries.at(-1)?.name)));
});

test("an archive in the zip64 format is refused", async () => {
  const plain = rawZip([{ name: "index.yml" }]);
  const locator = Buffer.concat([Buffer.from("PK\x06\x07", "latin1"), Buffer.alloc(16)]);
  const archive = Buffer.concat([plain.subarray(0, -22), locator, plain.subarray(-22)]);
  expect(await refusal(archive)).toMatch(/zip64/);
});

test("a bomb is refused before it is unpacked: by the file, the whole, and the number of entries", async () => {
  const zeros = (size: number) => Buffer.alloc(size);
  expect(await refusal(rawZip([{ name: "big.txt", content: zeros(5000) }]))).toMatch(/TooLarge.*big\.txt/);
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

test("names without the UTF-8 flag are read as UTF-8, and what a Mac adds is passed over", async () => {
  const zip = await read(
    rawZip([
      { name: "imports/Café.yml", flags: 0 },
      { name: "__MACOSX/imports/._Café.yml" },
      { name: "imports/.DS_Store" },
    ]),
  );
  expect(zip.files.map(({ path }) => path)).toEqual(["imports/Café.yml"]);
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
