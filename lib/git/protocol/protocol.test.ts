import { describe, expect, it } from "vitest";
import type { Oid } from "@/lib/domain/workspace";
import { PACK_LIMITS } from "../pack/format";
import type { Exchange, GitTransport } from "../transport/transport";
import { FLUSH, pktLine, readPackets } from "./pkt-line";
import { type PushFeatures, readPushFeatures, sendPack } from "./receive-pack";
import { remoteText } from "./remote-text";
import { readAdvertisement, type UploadFeatures } from "./advertisement";
import { fetchOldPack } from "./fetch-v0";
import { fetchPack, lsRefs } from "./upload-pack";

const OID = "1".repeat(40) as Oid;
const OTHER = "2".repeat(40) as Oid;
const LIMITS = { refs: 10, bytes: 1000 };
const FEATURES: PushFeatures = {
  atomic: true,
  reportStatus: true,
  sideBand: true,
  ofsDelta: true,
  thin: true,
  objectFormat: false,
  agent: true,
  isTruthful: true,
};

const CURRENT: UploadFeatures = {
  version: 2,
  filter: true,
  anyObject: true,
  shallow: true,
  ofsDelta: true,
  thinPack: true,
  noProgress: true,
  sideBand: "side-band-64k",
  multiAck: null,
  agent: true,
  objectFormat: true,
};
const ANSWER = { pack: PACK_LIMITS, take: () => undefined };
const OLD: UploadFeatures = { ...CURRENT, version: 0, multiAck: "multi_ack" };

/** A server that answers every request with these bytes, in pieces of this size. */
function answering(content: (string | Buffer)[], pieces = 7): GitTransport & { asked: Exchange[] } {
  const bytes = Buffer.concat(content.map((part) => (typeof part === "string" ? pktLine(part) : part)));
  const asked: Exchange[] = [];
  return {
    asked,

    async *exchange(exchange) {
      asked.push(exchange);
      for (let at = 0; at < bytes.length; at += pieces) yield bytes.subarray(at, at + pieces);
    },
    close: () => undefined,
  };
}
const band = (number: number, content: string | Buffer) =>
  pktLine(Buffer.concat([Buffer.of(number), Buffer.from(content)]));

describe("Protocol version 2", () => {
  it("reads refs with their peeled tags, in whatever pieces they come", async () => {
    for (const pieces of [1, 3, 10_000]) {
      const transport = answering(
        [`${OID} refs/heads/main\n`, `${OID} refs/tags/v1 peeled:${OTHER}\n`, "unborn HEAD\n", FLUSH],
        pieces,
      );
      expect([...(await lsRefs(transport, ["refs/"], CURRENT, LIMITS))]).toEqual([
        ["refs/heads/main", { oid: OID, peeled: OID }],
        ["refs/tags/v1", { oid: OID, peeled: OTHER }],
      ]);
    }
  });

  it.each([
    ["cut in a packet", [Buffer.from("00ff1234")]],
    ["cut before the end", [`${OID} refs/heads/main\n`]],
    ["a packet of length 3", [Buffer.from("0003")]],
    ["a packet without a length", [Buffer.from("<html>")]],
    ["no ref", ["hello world\n", FLUSH]],
    ["refs of another hash", [`${"1".repeat(64)} refs/heads/main\n`, FLUSH]],
  ])("refuses an answer with %s", async (_what, content) => {
    await expect(lsRefs(answering(content), [], CURRENT, LIMITS)).rejects.toMatchObject({
      code: "RemoteUnreachable",
    });
  });

  it("refuses more refs than the limit", async () => {
    const many = Array.from({ length: 11 }, (_, index) => `${OID} refs/heads/b${String(index)}\n`);
    await expect(lsRefs(answering([...many, FLUSH]), [], CURRENT, LIMITS)).rejects.toMatchObject({
      code: "TooLarge",
    });
  });

  it("says what the remote complains about", async () => {
    const complaint = { code: "RemoteRejected", message: expect.stringContaining("not our ref") };
    await expect(
      lsRefs(answering(["ERR upload-pack: not our ref\n", FLUSH]), [], CURRENT, LIMITS),
    ).rejects.toMatchObject(complaint);
    const request = { wants: [OID] };
    await expect(fetchPack(answering(["ERR not our ref\n"]), request, CURRENT, ANSWER)).rejects.toMatchObject(
      complaint,
    );
    const fatal = answering(["packfile\n", band(2, "counting"), band(3, "not our ref\u001b[31m"), FLUSH]);
    await expect(fetchPack(fatal, request, CURRENT, ANSWER)).rejects.toMatchObject(complaint);
  });

  it("tells a branch from one whose name goes on after a character that looks like a space", async () => {
    const lines = [`${OID} refs/heads/main\n`, `${OTHER} refs/heads/main\u00a0copy\n`, FLUSH];
    const expected = { oid: OID, peeled: OID };
    const refs = await lsRefs(answering(lines), ["refs/heads/main"], CURRENT, LIMITS);
    expect(refs.get("refs/heads/main")).toEqual(expected);
    const old = [`${OID} refs/heads/main\0side-band-64k\n`, ...lines.slice(1)];
    const { refs: all } = (await readAdvertisement(answering(old), LIMITS, false)) as { refs: typeof refs };
    expect([...all.keys()]).toEqual(["refs/heads/main", "refs/heads/main\u00a0copy"]);
  });

  it("leaves out what a server lists although it was not asked for", async () => {
    const refs = answering([`${OID} refs/heads/main\n`, `${OTHER} refs/pull/1/head\n`, FLUSH]);
    expect([...(await lsRefs(refs, ["refs/heads/"], CURRENT, LIMITS)).keys()]).toEqual(["refs/heads/main"]);
  });

  it("finds the pack among the other sections", async () => {
    const delim = Buffer.from("0001");
    const content = [
      "shallow-info\n",
      `shallow ${OID}\n`,
      delim,
      "packfile\n",
      band(2, "x"),
      band(1, "PA"),
      band(1, "CK"),
      FLUSH,
    ];
    const transport = answering(content);
    const pack = await fetchPack(
      transport,
      { wants: [OID], haves: [OTHER], shallow: [OTHER], depth: 1, filter: "blob:none", thin: true },
      CURRENT,
      ANSWER,
    );
    expect(pack).toEqual({ bytes: Buffer.from("PACK"), shallow: [OID], unshallow: [] });
    const sent = Buffer.concat(transport.asked[0]?.body ?? []).toString();
    for (const line of [`want ${OID}`, `have ${OTHER}`, "deepen 1", "filter blob:none", "thin-pack"])
      expect(sent).toContain(line);
    await expect(
      fetchPack(answering(content.slice(0, -1)), { wants: [OID] }, CURRENT, ANSWER),
    ).rejects.toThrow(/cut/);
  });

  it("tells what a server of this version offers", async () => {
    const greeting = (...lines: string[]) =>
      answering(["# service=git-upload-pack\n", FLUSH, "version 2\n", ...lines, FLUSH]);
    const full = greeting(
      "agent=git/2\n",
      "ls-refs=unborn\n",
      "fetch=shallow filter\n",
      "object-format=sha1\n",
    );
    expect(await readAdvertisement(full, LIMITS, true)).toEqual({ version: 2, features: CURRENT });
    const bare = greeting("ls-refs\n", "fetch\n");
    const features = { ...CURRENT, filter: false, shallow: false, agent: false, objectFormat: false };
    expect(await readAdvertisement(bare, LIMITS, true)).toEqual({ version: 2, features });
    await expect(readAdvertisement(greeting("ls-refs\n"), LIMITS, true)).rejects.toThrow(/lists or sends/);
  });

  it("asks for nothing that the server does not offer", async () => {
    const request = { wants: [OID], shallow: [OTHER], depth: 1, filter: "blob:none" };
    const features = { ...CURRENT, filter: false, shallow: false, agent: false, objectFormat: false };
    const transport = answering(["packfile\n", band(1, "PACK"), FLUSH]);
    await fetchPack(transport, request, features, ANSWER);
    const sent = Buffer.concat(transport.asked[0]?.body ?? []).toString();
    expect(sent).not.toMatch(/filter|shallow|deepen|agent|object-format|thin-pack/);
    const old = answering(
      ["NAK\n", "PACK\0\0\0\u0002\0\0\0\0rest"].map((text) =>
        text.startsWith("PACK") ? Buffer.from(text) : text,
      ),
    );
    const none = {
      ...features,
      version: 0,
      ofsDelta: false,
      thinPack: false,
      noProgress: false,
      sideBand: null,
    } as const;
    const found = await fetchOldPack(old, request, none, ANSWER);
    expect(found.bytes.toString()).toBe("PACK\0\0\0\u0002\0\0\0\0rest");
    expect(Buffer.concat(old.asked[0]?.body ?? []).toString()).toBe(`0032want ${OID}\n00000009done\n`);
  });
});

describe("Protocol version 0", () => {
  const capabilities = "side-band-64k shallow filter allow-tip-sha1-in-want object-format=sha1";
  const greeting = (...lines: string[]) => ["# service=git-upload-pack\n", FLUSH, ...lines, FLUSH];

  it("is recognised by the refs that come first, tags with what they lead to", async () => {
    const lines = [
      `${OID} refs/heads/main\0${capabilities}\n`,
      `${OID} refs/tags/v1\n`,
      `${OTHER} refs/tags/v1^{}\n`,
    ];
    const found = await readAdvertisement(answering(greeting("version 1\n", ...lines)), LIMITS, true);
    expect(found).toMatchObject({ version: 0, features: { anyObject: false, filter: false, shallow: true } });
    expect(found.version === 0 && found.refs).toEqual(
      new Map([
        ["refs/heads/main", { oid: OID, peeled: OID }],
        ["refs/tags/v1", { oid: OID, peeled: OTHER }],
      ]),
    );
    const empty = answering(greeting(`${"0".repeat(40)} capabilities^{}\0${capabilities}\n`));
    expect(await readAdvertisement(empty, LIMITS, true)).toMatchObject({ refs: new Map() });
  });

  it.each([
    ["no capabilities", [`${OID} HEAD\n`], /capabilities/],
    ["no ref", ["hello\0side-band-64k\n"], /no ref/],
    ["ids of another length", [`${"a".repeat(64)} HEAD\0side-band-64k\n`], /SHA-256/],
    ["another hash", [`${OID} HEAD\0side-band-64k object-format=sha256\n`], /SHA-256/],
    ["an error", ["ERR no access\n"], /no access/],
    ["more refs than allowed", [`${OID} a\0side-band-64k\n`, `${OID} b\n`, `${OID} c\n`], /more than 2 refs/],
  ])("with %s is refused", async (_what, lines, message) => {
    const limits = { ...LIMITS, refs: 2 };
    await expect(readAdvertisement(answering(greeting(...lines)), limits, true)).rejects.toThrow(message);
  });

  it("asks for all of a pack at once and learns where the history that came ends", async () => {
    const answer = [
      `shallow ${OTHER}\n`,
      `unshallow ${OID}\n`,
      FLUSH,
      "NAK\n",
      band(2, "hm"),
      band(1, "PACK"),
      FLUSH,
    ];
    const transport = answering(answer);
    const request = { wants: [OID, OTHER], haves: [OTHER], shallow: [OTHER], depth: 5, filter: "blob:none" };
    const found = await fetchOldPack(transport, request, OLD, ANSWER);
    expect(found).toEqual({ bytes: Buffer.from("PACK"), shallow: [OTHER], unshallow: [OID] });
    const sent = Buffer.concat(transport.asked[0]?.body ?? []).toString();
    for (const line of [
      `want ${OID} multi_ack side-band-64k`,
      `want ${OTHER}\n`,
      `shallow ${OTHER}`,
      "deepen 5",
      "done",
    ])
      expect(sent).toContain(line);
    await expect(fetchOldPack(answering(answer.slice(0, -1)), request, OLD, ANSWER)).rejects.toThrow(/cut/);
    await expect(fetchOldPack(answering(["what\n", FLUSH]), request, OLD, ANSWER)).rejects.toThrow(/unknown/);
  });
});

describe("A push", () => {
  const report = (...lines: string[]) =>
    band(1, Buffer.concat([...lines.map((line) => pktLine(`${line}\n`)), FLUSH]));
  const commands = [{ ref: "refs/heads/main", old: null, next: OID }];

  it("reads what the server accepts", async () => {
    const line = `${OID} refs/heads/main\0report-status atomic no-thin side-band-64k\n`;
    expect(await readPushFeatures(answering([line, FLUSH]), 1000)).toMatchObject({
      atomic: true,
      thin: false,
      ofsDelta: false,
    });
    await expect(readPushFeatures(answering([FLUSH]), 1000)).rejects.toMatchObject({
      code: "RemoteUnreachable",
    });
  });

  it("reads the result of each ref and what hooks say", async () => {
    const answer = [
      band(2, "Only on\n"),
      band(2, "weekdays\n"),
      report("unpack ok", "ng refs/heads/main hook declined", "ok refs/heads/b"),
      FLUSH,
    ];
    expect(await sendPack(answering(answer), commands, [], FEATURES, 1000)).toEqual({
      unpackError: null,
      results: new Map([
        ["refs/heads/main", "hook declined"],
        ["refs/heads/b", null],
      ]),
      messages: "Only on\nweekdays",
      reported: true,
    });
  });

  it("tells a pack that was refused from an answer that never came", async () => {
    const refused = await sendPack(
      answering([report("unpack index-pack failed"), FLUSH]),
      commands,
      [],
      FEATURES,
      1000,
    );
    expect(refused.unpackError).toBe("index-pack failed");
    expect((await sendPack(answering([FLUSH]), commands, [], FEATURES, 1000)).reported).toBe(false);
    for (const last of [band(3, "disk full"), pktLine("ERR disk full")])
      await expect(sendPack(answering([last, FLUSH]), commands, [], FEATURES, 1000)).rejects.toThrow(
        /refused: disk full/,
      );
  });

  it("keeps the beginning and the end of what a hook says, however much that is", async () => {
    const lines = Array.from({ length: 400 }, (_, at) => band(2, `line ${String(at)} ${"x".repeat(1000)}\n`));
    const answer = answering([...lines, band(2, "not on Fridays\n"), report("unpack ok"), FLUSH], 60_000);
    const { messages } = await sendPack(answer, commands, [], FEATURES, 1_000_000);
    expect(messages).toMatch(/^line 0 x.* \[…\] x.*not on Fridays$/s);
    expect(messages).toHaveLength(2000);
  });
});

describe("Text of a remote", () => {
  it("is shown without control characters, credentials and endless lines", () => {
    expect(remoteText("\u001b[31mred\u001b[0m\u0007 https://me:pw@host/x\r\n\r\nend\u202e")).toBe(
      "red https://host/x\nend",
    );
    expect(remoteText("x".repeat(5000))).toHaveLength(2000);
  });

  it("is read in linear time however it drips", async () => {
    let packets = 0;
    const line = pktLine("x".repeat(60_000));

    const drip = async function* () {
      for (let at = 0; at < line.length; at++) yield line.subarray(at, at + 1);
    };
    for await (const packet of readPackets(drip()))
      packets += packet.kind === "data" ? packet.bytes.length : 0;
    expect(packets).toBe(60_000);
  });
});
