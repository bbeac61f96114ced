import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import { ProtocolError } from "./pkt-line";
import { remoteText } from "./remote-text";

export interface AdvertisedRef {
  /** What the ref holds. */
  oid: Oid;
  /** What an annotated tag leads to in the end; else the same. */
  peeled: Oid;
}

/** The server refused the request in git's own words. */
export class RemoteError extends AppError {
  constructor(readonly said: string) {
    super("RemoteRejected", `The remote refused: ${said || "no reason given"}.`, { said });
  }
}

/** A ref's line. Only a space ends its name, which may hold any other character that looks like one. */
export function readRef(line: string): { oid: Oid; name: string; attributes: string } {
  const [, oid, name, attributes = ""] = /^([0-9a-f]{40}|[0-9a-f]{64}) ([^ ]+)(.*)$/s.exec(line) ?? [];
  if (oid === undefined || name === undefined) throw new ProtocolError("a line that is no ref");
  if (oid.length === 64) throw otherHash();
  return { oid: oid as Oid, name, attributes };
}

export function lineOf(bytes: Buffer): string {
  return bytes.toString("utf8").replace(/\n$/, "");
}

export function throwIfError(line: string): void {
  if (line.startsWith("ERR ")) throw new RemoteError(remoteText(line.slice(4)));
}

export function otherHash(): AppError {
  return new AppError(
    "RemoteUnreachable",
    "The repository uses SHA-256 object ids, which Switchyard does not support. Use a repository with SHA-1 ids.",
  );
}
