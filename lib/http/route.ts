import { createHash } from "node:crypto";
import type { z } from "zod";
import { invariant } from "@/lib/domain/error";
import type { Action, Client, Grants } from "@/lib/server/access";
import { getEngine } from "@/lib/server/compose/get-engine";
import type { Engine } from "@/lib/server/engine";
import { countHttp } from "@/lib/server/metrics/metrics";
import type { UploadedArchive } from "@/lib/server/archives/open";
import type { Viewer } from "@/lib/server/viewer";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import { withoutBody } from "./answers/head";
import { CORRELATION_HEADER, correlationIdOf } from "./correlation";
import { admit, type Access } from "./gate/access";
import { addressOf } from "./gate/address";
import { auditRequest } from "./gate/audited";
import { once } from "./gate/idempotency";
import { patternsOf } from "./gate/pattern";
import { unlessUnchanged } from "./answers/not-modified";
import { withProto } from "./answers/proto";
import { countRequest, rateKey } from "./gate/rate-limit";
import { fitted } from "./answers/readable";
import { refuse } from "./answers/refusal";
import { parseInput, queryOf, refuseNul } from "./parse";
import { jsonOf, readBytes } from "./body/read-body";
import { receiveArchive } from "./body/upload";
import { Reply } from "./reply";
import { isWrite } from "./session/csrf";
import { identify } from "./session/identify";

export type { Access } from "./gate/access";

export interface RouteSpec<
  A extends Access = Access,
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  access: A;
  /** What it does, in one line of the API's document. */
  summary: string;
  /** What else a reader of the document should know. */
  description?: string;
  params?: P;
  query?: Q;
  /** A schema for JSON, `bytes` for a body taken as it comes, or `archive` for an upload, which the handler closes. */
  body?: B | RawBody;
  /** What the document says of a body whose form the handler decides, among several. */
  bodies?: z.ZodType;
  /** What leaves is what this schema names; absent only where the answer is no JSON. */
  response?: R;
  /** Content types of an answer that is no JSON, beside the JSON or in its place. */
  produces?: readonly string[];
  /** Content types of a body that is no JSON. */
  accepts?: readonly string[];
  /** The answer holds a secret that is shown once: it is not kept for a repeated `Idempotency-Key`. */
  confidential?: boolean;
  /** Answers of other statuses than 200 that are no failures, and what each means; of a redirect there is no 200. */
  answers?: Readonly<Record<number, string>>;
  /** The answer carries the id of the operation that it started, as those do that can be followed. */
  starts?: boolean;
  /** The answer carries the blob id of the file it is about as `ETag`, and a change of that file takes `If-Match`. */
  tagged?: boolean;
  /** Stands for a method that the path does not have, so it is no part of the API. */
  refuses?: boolean;
}

/** Bodies that are no JSON. */
type RawBody = "bytes" | "archive";

type BodyOf<B> = B extends z.ZodType
  ? z.output<B>
  : B extends "bytes"
    ? Uint8Array
    : B extends "archive"
      ? UploadedArchive
      : undefined;

type Signed<A extends Access> = A extends "public" ? { viewer: Viewer | null } : { viewer: Viewer };
type Placed<A extends Access> = A extends `workspace:${Action}`
  ? { workspace: WorkspaceRecord; grants: Grants }
  : A extends `platform:${Action}`
    ? { grants: Grants }
    : unknown;

export type RouteContext<A extends Access, P, Q, B> = Signed<A> &
  Placed<A> & {
    engine: Engine;
    request: Request;
    params: P;
    query: Q;
    body: B;
    correlationId: string;
    /** Where the request came from. */
    client: Client;
  };

/** What Next calls. */
export type RouteHandler = ((
  request: Request,
  context: { params: Promise<Record<string, string | string[]>> },
) => Promise<Response>) & { spec: RouteSpec };

async function finish(response: Response, call: Call): Promise<Response> {
  const { request, correlationId, engine, viewer, params, workspace, body } = call;
  for (const [name, value] of call.headers) response.headers.set(name, value);
  response.headers.set(CORRELATION_HEADER, correlationId);
  response.headers.set("x-content-type-options", "nosniff");
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  const patterns = patternsOf(new URL(request.url).pathname, params);
  if (engine)
    await auditRequest(
      engine,
      viewer,
      { request, patterns, params, body, workspace, isAdmitted: call.isAdmitted },
      response,
    );
  const seconds = (performance.now() - call.startedAt) / 1000;
  countHttp(request.method, patterns[0] ?? "", response.status, seconds);
  return request.method === "HEAD" ? withoutBody(response) : response;
}

function toResponse(result: unknown, { spec, call }: { spec: RouteSpec; call: Call }): Response {
  const { response: schema } = spec;
  if (result instanceof Response) return result;
  const reply = result instanceof Reply ? result : new Reply(result);
  invariant(schema, "a route that answers JSON declares its response");
  const data = fitted(schema, reply.value, isWrite(call.request) ? null : call.engine);
  return Response.json(withProto(reply.value, data), { status: reply.status, headers: reply.headers });
}

/**
 * Makes the handler of one method of one path: authenticates, checks permission, parses, runs, and turns the
 * result or any error into a response. Every handler under `app/v2` is made by it.
 */
export function route<
  A extends Access,
  P extends z.ZodType = z.ZodType<Record<string, string>>,
  Q extends z.ZodType = z.ZodType<Record<string, string>>,
  B extends z.ZodType | RawBody = z.ZodType<undefined>,
  R extends z.ZodType = z.ZodType,
>(
  spec: Omit<RouteSpec<A, P, Q, z.ZodType, R>, "body"> & { body?: B },
  handle: (
    context: RouteContext<A, z.output<P>, z.output<Q>, BodyOf<B>>,
  ) => Promise<z.input<R> | Reply<z.input<R>> | Response>,
): RouteHandler {
  const handler = async (request: Request, { params }: NextContext): Promise<Response> => {
    const call = newCall(request);
    const response = await answer(spec as unknown as RouteSpec, call, params, (context) =>
      handle(context as unknown as Parameters<typeof handle>[0]),
    );
    return finish(response, call);
  };
  return Object.assign(handler, { spec: spec as unknown as RouteSpec });
}

type RawParams = Record<string, string | string[]>;
interface NextContext {
  params: Promise<RawParams | undefined>;
}

/** What becomes known of a request while it is answered. */
interface Call {
  request: Request;
  correlationId: string;
  startedAt: number;
  headers: Headers;
  engine: Engine | null;
  viewer: Viewer | null;
  params: RawParams;
  workspace: WorkspaceRecord | undefined;
  body: unknown;
  isAdmitted: boolean;
}

function newCall(request: Request): Call {
  return {
    request,
    correlationId: correlationIdOf(request),
    startedAt: performance.now(),
    headers: new Headers(),
    engine: null,
    viewer: null,
    params: {},
    workspace: undefined,
    body: undefined,
    isAdmitted: false,
  };
}

async function answer(
  spec: RouteSpec,
  call: Call,
  pending: NextContext["params"],
  handle: (context: unknown) => Promise<unknown>,
): Promise<Response> {
  try {
    // A path without a variable part has no parameters at all.
    call.params = (await pending) ?? {};
    const engine = (call.engine = await getEngine());
    return await answerWith(engine, spec, call, handle);
  } catch (error) {
    return refuse(call, error);
  }
}

async function answerWith(
  engine: Engine,
  spec: RouteSpec,
  call: Call,
  handle: (context: unknown) => Promise<unknown>,
): Promise<Response> {
  const { request, correlationId, params: raw } = call;
  if (isWrite(request)) engine.shutdown.refuseWrites();
  const viewer = await identifyAndCount(engine, call);
  refuseNul(raw, "The path");
  refuseNul(queryOf(request), "The query");
  const admitted = await admit(engine, spec.access, viewer, raw);
  call.isAdmitted = true;
  if ("workspace" in admitted) call.workspace = admitted.workspace;
  const { body, digest: bodyDigest, discard } = await bodyOf(spec.body, request, engine);
  call.body = body;
  let isTaken = false;
  try {
    const context = {
      engine,
      request,
      correlationId,
      client: clientOf(engine, call),
      viewer,
      ...admitted,
      params: spec.params ? parseInput(spec.params, raw, "The path's") : raw,
      query: spec.query ? parseInput(spec.query, queryOf(request), "The query's") : queryOf(request),
      body,
    };
    const run = async () => {
      isTaken = true;
      try {
        const response = toResponse(await handle(context), { spec, call });
        return spec.answers?.[304] === undefined ? response : unlessUnchanged(request, response);
      } catch (error) {
        return refuse(call, error);
      }
    };
    if (!isWrite(request)) return await run();
    return await once({ engine, request, viewer, bodyDigest, confidential: spec.confidential ?? false }, run);
  } finally {
    if (!isTaken) await discard?.();
  }
}

function clientOf(engine: Engine, { request, correlationId }: Call): Client {
  return {
    address: addressOf(request, engine.env.access.trustedProxies),
    userAgent: request.headers.get("user-agent") ?? undefined,
    correlationId,
  };
}

/** Who asks, counted against their share of requests; one who is not let in is counted by their address. */
async function identifyAndCount(engine: Engine, call: Call): Promise<Viewer | null> {
  const { address } = clientOf(engine, call);
  const limit = engine.env.access.rateLimitPerMinute;
  const count = (viewer: Viewer | null) => countRequest(rateKey(viewer, address), limit, call.headers);
  let viewer: Viewer | null;
  try {
    viewer = await identify(engine, call.request, call.correlationId, address);
  } catch (error) {
    count(null);
    throw error;
  }
  call.viewer = viewer;
  count(viewer);
  return viewer;
}

interface Body {
  body: unknown;
  /** Tells this body from others. */
  digest: string | undefined;
  /** Lets go of what was received, when no handler takes it. */
  discard?: () => Promise<void>;
}

async function bodyOf(
  schema: z.ZodType | RawBody | undefined,
  request: Request,
  engine: Engine,
): Promise<Body> {
  if (schema === undefined || !isWrite(request)) return { body: undefined, digest: undefined };
  if (schema === "archive") {
    const archive = await receiveArchive(request, engine.env.limits.archiveBytes);
    return { body: archive, digest: archive.digest, discard: () => archive.close() };
  }
  const bytes = await readBytes(request, engine.env.limits.bodyBytes);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (schema === "bytes") return { body: bytes, digest };
  return { body: parseInput(schema, jsonOf(bytes), "The body"), digest };
}
