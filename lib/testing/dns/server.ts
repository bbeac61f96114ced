import { createSocket } from "node:dgram";

/** What the server knows of a name; a name that is not here does not exist, `fail` is a server that cannot say. */
export type Zone = Record<string, { cname?: string; a?: string[]; fail?: boolean }>;

const A = 1;
const CNAME = 5;

function encodeName(name: string): Buffer {
  const labels = name
    .split(".")
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function record(name: string, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(1, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(name), fixed, data]);
}

function answersFor(zone: Zone, name: string, type: number): Buffer[] {
  const known = zone[name];
  if (!known) return [];
  if (known.cname !== undefined) {
    const alias = record(name, CNAME, encodeName(known.cname));
    return type === CNAME ? [alias] : [alias, ...answersFor(zone, known.cname, type)];
  }
  if (type !== A) return [];
  return (known.a ?? []).map((address) => record(name, A, Buffer.from(address.split(".").map(Number))));
}

function answer(zone: Zone, query: Buffer): Buffer {
  const { name, type, end } = readQuestion(query);
  const answers = answersFor(zone, name, type);
  const code = zone[name]?.fail ? 2 : zone[name] ? 0 : 3;
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(answers.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, query.subarray(12, end), ...answers]);
}

/** A name server on loopback that answers from a zone which the test may change at any time. */
export async function dnsServer(zone: Zone): Promise<{ address: string; close(): Promise<void> }> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    socket.send(answer(zone, query), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${String(socket.address().port)}`,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
