import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashObject } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import type { GitObject } from "@/lib/versioning/ports";
import { git, gitWithInput } from "@/lib/testing/git/run";
import { applyDelta, makeDelta } from "./delta";
import { PACK_LIMITS, type PackLimits } from "./format";
import { Pack } from "./pack-reader";
import { type PackInput, writePack } from "./pack-writer";

const open = (
  bytes: Buffer,
  limits: Partial<PackLimits> = {},
  outside: (oid: Oid) => GitObject | undefined = () => undefined,
) => Pack.open(bytes, { limits: { ...PACK_LIMITS, ...limits }, outside });

function blob(text: string | Buffer): PackInput {
  const bytes = Buffer.from(text);
  return { oid: hashObject("blob", bytes), type: "blob", bytes };
}

async function packOf(
  inputs: PackInput[],
  options: { ofsDelta?: boolean; has?: Oid[] } = {},
): Promise<Buffer> {
  const readerHas = (oid: Oid) => options.has?.includes(oid) ?? false;

  const stream = (async function* () {
    yield inputs;
  })();
  const { chunks } = await writePack(stream, { ofsDelta: options.ofsDelta ?? true, readerHas });
  return Buffer.concat(chunks);
}

/** A pack of hand-made entries, with a right trailer. */
function rawPack(count: number, ...entries: Buffer[]): Buffer {
  const head = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  head.writeUInt32BE(count, 8);
  const body = Buffer.concat([head, ...entries]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

/** The versions of a file that grows at its end. */
const versions = Array.from(
  { length: 120 },
  (_, index) => `${"a line that stays\n".repeat(60)}${String(index)}\n`,
);

describe("Packs", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "switchyard-pack-"));
    await git(directory, "init", "-q", "--bare");
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it.each([true, false])("that we write are read by git (deltas by offset: %s)", async (ofsDelta) => {
    const inputs = versions.map((text, index) => {
      const before = versions[index - 1];
      return { ...blob(text), ...(before ? { base: blob(before) } : {}) };
    });
    const pack = await packOf(inputs, { ofsDelta });
    expect(pack.length).toBeLessThan(12_000);
    expect(await gitWithInput(directory, pack, "index-pack", "--stdin", "--strict")).toMatch(/^pack\t/);
    const oids = inputs.map(({ oid }) => oid).join("\n");
    const checked = await gitWithInput(directory, oids, "cat-file", "--batch-check");
    expect(checked.split("\n").filter((line) => line.includes(" blob "))).toHaveLength(120);
  });

  it("that git writes are read by us, deltas and all", async () => {
    const oids: string[] = [];
    for (const text of versions.slice(0, 20))
      oids.push(await gitWithInput(directory, text, "hash-object", "-w", "--stdin"));
    const path = join(directory, "made");
    const name = await gitWithInput(directory, oids.join("\n"), "pack-objects", "-q", "--window=20", path);
    const { readFile } = await import("node:fs/promises");
    const pack = await open(await readFile(`${path}-${name}.pack`));
    expect([...pack.oids()].sort()).toEqual(oids.sort());
    for (const text of versions.slice(0, 20)) {
      expect(pack.read(blob(text).oid)).toEqual({ type: "blob", bytes: Buffer.from(text) });
    }
  });

  it("may build on objects that the reader has, and only then", async () => {
    const [base, next] = [blob(versions[0] ?? ""), blob(versions[1] ?? "")];
    const thin = await packOf([{ ...next, base }], { has: [base.oid] });
    const pack = await open(thin, {}, (oid) => (oid === base.oid ? base : undefined));
    expect(pack.read(next.oid)?.bytes).toEqual(next.bytes);
    await expect(open(thin)).rejects.toThrow(/without its base/);
  });

  it("hold large objects as well as small ones", async () => {
    const large = blob(randomBytes(3_000_000));
    const pack = await open(await packOf([large, blob("x"), blob("")]));
    // Comparing as bytes: the matcher would look at three million numbers one by one.
    expect(Buffer.from(pack.read(large.oid)?.bytes ?? []).equals(large.bytes)).toBe(true);
    expect(pack.size).toBe(3);
  });

  it("may bring deltas before what they build on", async () => {
    const contents = Array.from({ length: 200 }, (_, index) => Buffer.from(String(index).padStart(4, "0")));
    const entries = contents.map((content, index) => {
      const before = contents[index - 1];
      if (!before) return Buffer.concat([Buffer.of(0x34), deflateSync(content)]);
      const delta = Buffer.concat([Buffer.of(4, 4, 4), content]);
      return Buffer.concat([Buffer.of(0x77), Buffer.from(blob(before).oid, "hex"), deflateSync(delta)]);
    });
    const pack = await open(rawPack(200, ...entries.reverse()));
    for (const content of contents) expect(pack.read(blob(content).oid)?.bytes).toEqual(content);
  });

  it("are refused when they are damaged in any byte of the trailer, header or body", async () => {
    const good = await packOf([blob("one\n"), blob("two\n")]);
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0xff;
      await expect(open(bad)).rejects.toMatchObject({
        code: expect.stringMatching(/RemoteUnreachable|TooLarge/),
      });
    }
    for (let length = 0; length < good.length; length += 7) {
      await expect(open(good.subarray(0, length))).rejects.toMatchObject({ code: "RemoteUnreachable" });
    }
  });

  it("are refused when they inflate to more than they announce or more than is allowed", async () => {
    const bomb = deflateSync(Buffer.alloc(20_000_000));
    await expect(open(rawPack(1, Buffer.of(0x35), bomb))).rejects.toThrow(/cannot be inflated|another size/);
    await expect(open(await packOf([blob("x".repeat(2000))]), { objectBytes: 1000 })).rejects.toMatchObject({
      code: "TooLarge",
    });
    const many = await packOf([blob("x".repeat(800)), blob("y".repeat(800))]);
    await expect(open(many, { totalBytes: 1000 })).rejects.toMatchObject({ code: "TooLarge" });
    await expect(open(many, { objects: 1 })).rejects.toMatchObject({ code: "TooLarge" });
    await expect(open(many, { packBytes: 10 })).rejects.toMatchObject({ code: "TooLarge" });
    await expect(open(rawPack(0xffffffff))).rejects.toMatchObject({ code: "TooLarge" });
  });

  it("are refused with delta chains that do not end", async () => {
    const inputs = versions.slice(0, 40).map((text, index) => {
      const before = versions[index - 1];
      return { ...blob(text), ...(before && index > 0 ? { base: blob(before) } : {}) };
    });
    await expect(open(await packOf(inputs), { deltaDepth: 10 })).rejects.toThrow(/too long/);
    await expect(open(await packOf(inputs), { chainBytes: 10_000 })).rejects.toThrow(/too many others/);
    const self = Buffer.concat([
      Buffer.of(0x74),
      Buffer.alloc(20, 7),
      deflateSync(Buffer.from([4, 4, 1, 65])),
    ]);
    await expect(open(rawPack(1, self))).rejects.toThrow(/without its base/);
  });
});

describe("Deltas", () => {
  it("rebuild what they were made from", () => {
    const base = randomBytes(200_000);
    for (const [from, to] of [
      [0, 10],
      [100_000, 100_000],
      [70_000, 70_300],
      [199_990, 200_000],
    ] as const) {
      const result = Buffer.concat([base.subarray(0, from), Buffer.from("new"), base.subarray(to)]);
      const delta = makeDelta(base, result);
      expect(delta && applyDelta(base, delta).equals(result)).toBe(true);
    }
    expect(makeDelta(base, randomBytes(1000))).toBeNull();
  });

  it.each([
    ["a base of another size", [3, 1, 1, 65]],
    ["a copy beyond the base", [2, 9, 0x90, 9]],
    ["more than they announce", [2, 1, 2, 65, 65]],
    ["less than they announce", [2, 5, 1, 65]],
    ["an empty command", [2, 1, 0]],
    ["a size without an end", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])("are refused with %s", (_what, bytes) => {
    expect(() => applyDelta(Buffer.from("ab"), Buffer.from(bytes))).toThrow(/damaged pack/);
  });
});
