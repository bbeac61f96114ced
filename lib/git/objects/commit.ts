import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type { CommitInfo } from "@/lib/versioning/ports";

export interface CommitFields {
  tree: Oid;
  parents: readonly Oid[];
  author: Person;
  /** Default: the author. */
  committer?: Person;
  date: Date;
  message: string;
}

export interface Person {
  name: string;
  email: string;
}

/** The bytes of a commit, with one time for author and committer, in UTC; the same fields always give the same bytes. */
export function serializeCommit(commit: CommitFields): Buffer {
  const seconds = Math.max(0, Math.floor(commit.date.getTime() / 1000));
  const line = (person: Person) => {
    const name = identityPart(person.name) || "Switchyard";
    const email = identityPart(person.email).replace(/\s+/g, "");
    return `${name} <${email}> ${String(seconds)} +0000`;
  };
  const message = commit.message.replace(/\0/g, "").replace(/\r\n?/g, "\n").replace(/\s+$/, "");
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${line(commit.author)}`,
    `committer ${line(commit.committer ?? commit.author)}`,
    "",
    `${message}\n`,
  ];
  return Buffer.from(lines.join("\n"), "utf8");
}

/** What git would drop from a name or an address, and what would break the line they stand on. */
function identityPart(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u001f\u007f<>]/g, " ")
      .replace(/\s+/g, " ")
      .replace(/^[\s.,:;"'\\]+|[\s.,:;"'\\]+$/g, "")
  );
}

/** A commit with the time of its last rewriting, which history is ordered by. */
export interface ParsedCommit extends CommitInfo {
  /** Seconds since 1970. */
  committed: number;
}

const PERSON = /^(.*?) ?<([^>]*)> (\d{1,15})/;
const OID_LINE = /^[0-9a-f]{40}$/;

/** Reads a commit; header lines that we do not know are passed over. Throws UnreadableContent when it has no tree. */
export function parseCommit(oid: Oid, bytes: Buffer): ParsedCommit {
  const split = bytes.indexOf("\n\n");
  const head = bytes.toString("latin1", 0, split < 0 ? bytes.length : split).split("\n");
  const tree = valueOf(head[0], "tree ");
  if (tree === undefined || !OID_LINE.test(tree)) {
    throw new AppError(
      "UnreadableContent",
      `Commit ${oid} of the repository is damaged. Run git fsck on the repository.`,
    );
  }
  const parents: Oid[] = [];
  for (let line = 1; ; line++) {
    const parent = valueOf(head[line], "parent ");
    if (parent === undefined || !OID_LINE.test(parent)) break;
    parents.push(parent as Oid);
  }
  const header = (key: string) =>
    head.map((line) => valueOf(line, key)).find((value) => value !== undefined) ?? "";
  const encoding = header("encoding ");
  const decode = (text: Buffer) =>
    /^(iso-?8859-?1|latin-?1|windows-1252)$/i.test(encoding)
      ? text.toString("latin1")
      : text.toString("utf8");
  const person = PERSON.exec(decode(Buffer.from(header("author "), "latin1")));
  const date = Number(person?.[3] ?? 0);
  return {
    oid,
    tree: tree as Oid,
    parents,
    authorName: person?.[1] ?? "",
    authorEmail: person?.[2] ?? "",
    date,
    committed: Number(PERSON.exec(header("committer "))?.[3] ?? date),
    message: split < 0 ? "" : decode(bytes.subarray(split + 2)),
  };
}

function valueOf(line: string | undefined, key: string): string | undefined {
  return line?.startsWith(key) ? line.slice(key.length) : undefined;
}
