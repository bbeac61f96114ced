import type { z } from "zod";
import type { Access, Endpoint, PathNames } from "@/lib/contract/endpoint";
import type { Action, Client, Grants } from "@/lib/server/access";
import type { UploadedArchive } from "@/lib/server/archives/open";
import type { Engine } from "@/lib/server/engine";
import type { Viewer } from "@/lib/server/viewer";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Reply } from "./reply";

type Output<S, Without> = S extends z.ZodType ? z.output<S> : Without;

/** The part of a declaration, or undefined where it has none. */
type Part<E, Name extends string> = E extends Record<Name, infer Value> ? Value : undefined;

type BodyOf<B> = B extends "bytes"
  ? Uint8Array
  : B extends "archive"
    ? UploadedArchive
    : Output<B, undefined>;

type Signed<A extends Access> = A extends "public" ? { viewer: Viewer | null } : { viewer: Viewer };
type Placed<A extends Access> = A extends `workspace:${Action}`
  ? { workspace: WorkspaceRecord; grants: Grants }
  : A extends `platform:${Action}`
    ? { grants: Grants }
    : unknown;

/** What the handler of an endpoint is given: everything that its contract promises, checked. */
export type ContextOf<E extends Endpoint> = Signed<E["access"]> &
  Placed<E["access"]> & {
    engine: Engine;
    request: Request;
    params: Output<Part<E, "params">, Record<PathNames<E["path"]>, string>>;
    query: Output<Part<E, "query">, Record<string, string>>;
    body: BodyOf<Part<E, "body">>;
    correlationId: string;
    /** Where the request came from. */
    client: Client;
  };

/** What the handler of an endpoint may answer: what its contract promises, or a response of its own making. */
export type AnswerOf<E extends Endpoint> =
  Response | (Part<E, "response"> extends infer R extends z.ZodType ? z.input<R> | Reply<z.input<R>> : never);

/** What Next calls. */
export type RouteHandler = ((
  request: Request,
  context: { params: Promise<Record<string, string | string[]>> },
) => Promise<Response>) & {
  endpoint: Endpoint;
  /** Stands for a method that the path does not have, so it is no part of the API. */
  refuses?: true;
};
