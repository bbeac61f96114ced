import type { z } from "zod";
import type { Action } from "@/lib/domain/access/roles";
import type { Audit, NotAudited } from "./audit";

/** The methods that a path of the API may have. */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

/**
 * Who may call an endpoint: anyone; anyone signed in; whoever acts for themselves, not through a scoped token; super
 * admins; or whoever may do this on the platform or in workspace `[id]`.
 */
export type Access =
  "public" | "signed-in" | "account" | "super-admin" | `platform:${Action}` | `workspace:${Action}`;

/** Bodies that are no JSON: taken as they come, or an upload, which the handler closes. */
export type RawBody = "bytes" | "archive";

interface Declared {
  /** As the route file stands below `app`: `/v2/workspaces/[id]/sources/[...path]`. */
  path: `/v2/${string}`;
  access: Access;
  /** What it does, in one line of the API's document. */
  summary: string;
  /** What else a reader of the document should know. */
  description?: string;
  /** Statuses it may fail with, beside those that follow from its access, its method and its path. */
  fails?: readonly 502[];
  /** Checks and converts the variable parts of the path; without it they are texts. */
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType | RawBody;
  /** What the document says of a body whose form the handler decides, among several. */
  bodies?: z.ZodType;
  /** What leaves is what this schema names; absent only where the answer is no JSON. */
  response?: z.ZodType;
  /** With `sse` in the query the answer is a stream of events instead. */
  streams?: true;
  /** Content types of an answer that is no JSON. */
  produces?: readonly string[];
  /** Content types of a body that is no JSON. */
  accepts?: readonly string[];
  /** The answer holds a secret that is shown once: it is not kept for a repeated `Idempotency-Key`. */
  confidential?: true;
  /** Answers of other statuses than 200 that are no failures, and what each means; of a redirect there is no 200. */
  answers?: Readonly<Record<number, string>>;
  /** The answer carries the id of the operation that it started. */
  starts?: true;
  /** The answer carries the blob id of the file it is about as `ETag`, and a change of that file takes `If-Match`. */
  tagged?: true;
}

interface Read extends Declared {
  method: "GET";
  audit?: Audit;
}

interface Write extends Declared {
  method: Exclude<Method, "GET">;
  /** What the audit log is told of it, or why nothing. */
  audit: Audit | NotAudited;
}

/** One method of one path: all that the server, its document and its clients have to know of it. */
export type Endpoint = (Read | Write) & {
  /** The heading under which the document lists it. */
  tag: string;
};

/** Declares the endpoints of one heading of the document. */
export function endpointsOf<Tag extends string>(tag: Tag) {
  return <const E extends Read | Write>(declared: E): E & { tag: Tag } => ({ ...declared, tag });
}

/** What a read declares whose answer is the same as long as its ETag is. */
export const NOT_MODIFIED = { 304: "It still matches `If-None-Match`" } as const;

/** The names of a path's variable parts; a rest has the whole of it, slashes included. */
export type PathNames<Path extends string> = Path extends `${string}[...${infer Name}]`
  ? Name | PathNames<Path extends `${infer Head}[...${string}` ? Head : never>
  : Path extends `${string}[${infer Name}]${infer Tail}`
    ? Name | PathNames<Tail>
    : never;

/** A variable part of a path: `rest` says that it takes slashes. */
export function partsOf(path: string): { name: string; rest: boolean }[] {
  return [...path.matchAll(/\[(\.\.\.)?([^\]]+)\]/g)].map(([, dots, name = ""]) => ({
    name,
    rest: dots !== undefined,
  }));
}

/** The path as the document writes it, and clients: `/v2/workspaces/{id}`. */
export function documentPath(path: string): string {
  return path.replace(/\[(?:\.\.\.)?([^\]]+)\]/g, "{$1}");
}
