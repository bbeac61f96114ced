import { createHash } from "node:crypto";
import type { z } from "zod";
import type { Endpoint, RawBody } from "@/lib/contract/endpoint";
import { invariant } from "@/lib/domain/error";
import type { Client } from "@/lib/server/access";
import { getEngine } from "@/lib/server/compose/get-engine";
import type { Engine } from "@/lib/server/engine";
import { countHttp } from "@/lib/server/metrics/metrics";
import type { Viewer } from "@/lib/server/viewer";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import { withoutBody } from "./answers/head";
import { CORRELATION_HEADER, correlationIdOf } from "./correlation";
import type { AnswerOf, ContextOf, RouteHandler } from "./context";
import { admit } from "./gate/access";
import { addressOf } from "./gate/address";
import { auditRequest } from "./gate/audited";
import { once } from "./gate/idempotency";
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

async function finish(response: Response, call: Call): Promise<Response> {
  const { request, correlationId, engine, endpoint } = call;
  for (const [name, value] of call.headers) response.headers.set(name, value);
  response.headers.set(CORRELATION_HEADER, correlationId);
  response.headers.set("x-content-type-options", "nosniff");
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  if (engine) await auditRequest(engine, call, response);
  const seconds = (performance.now() - call.startedAt) / 1000;
  countHttp(request.method, endpoint.path, response.status, seconds);
  return request.method === "HEAD" ? withoutBody(response) : response;
}

function toResponse(result: unknown, call: Call): Response {
  const { response: schema } = call.endpoint;
  if (result instanceof Response) return result;
  const reply = result instanceof Reply ? result : new Reply(result);
  invariant(schema, "an endpoint that answers JSON declares its response");
  const data = fitted(schema, reply.value, isWrite(call.request) ? null : call.engine);
  return Response.json(withProto(reply.value, data), { status: reply.status, headers: reply.headers });
}

/**
 * Makes the handler of one endpoint: authenticates, checks permission, parses, runs, and turns the result or any error
 * into a response. Every handler under `app/v2` is made by it.
 */
export function route<E extends Endpoint>(
  endpoint: E,
  handle: (context: ContextOf<E>) => Promise<AnswerOf<E>>,
): RouteHandler {
  return handlerOf(endpoint, handle);
}

/** Stands in for a path or method that the API does not have, so that such requests are counted too. */
export function refusal(path: Endpoint["path"], handle: (request: Request) => Response) {
  const endpoint = { method: "GET", path, tag: "", access: "public", summary: "" } as const;
  return handlerOf(endpoint, ({ request }) => Promise.resolve(handle(request)));
}

type RawParams = Record<string, string | string[]>;
interface NextContext {
  params: Promise<RawParams | undefined>;
}

function handlerOf<E extends Endpoint>(
  endpoint: E,
  handle: (context: ContextOf<E>) => Promise<unknown>,
): RouteHandler {
  const handler = async (request: Request, { params }: NextContext): Promise<Response> => {
    const call = newCall(endpoint, request);
    const response = await answer(call, params, (context) => handle(context as ContextOf<E>));
    return finish(response, call);
  };
  return Object.assign(handler, { endpoint });
}

/** What becomes known of a request while it is answered. */
interface Call {
  endpoint: Endpoint;
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

function newCall(endpoint: Endpoint, request: Request): Call {
  return {
    endpoint,
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
  call: Call,
  pending: NextContext["params"],
  handle: (context: unknown) => Promise<unknown>,
): Promise<Response> {
  try {
    // A path without a variable part has no parameters at all.
    call.params = (await pending) ?? {};
    const engine = (call.engine = await getEngine());
    return await answerWith(engine, call, handle);
  } catch (error) {
    return refuse(call, error);
  }
}

async function answerWith(
  engine: Engine,
  call: Call,
  handle: (context: unknown) => Promise<unknown>,
): Promise<Response> {
  const { endpoint, request, correlationId, params: raw } = call;
  if (isWrite(request)) engine.shutdown.refuseWrites();
  const viewer = await identifyAndCount(engine, call);
  refuseNul(raw, "The path");
  refuseNul(queryOf(request), "The query");
  const admitted = await admit(engine, endpoint.access, viewer, raw);
  call.isAdmitted = true;
  if ("workspace" in admitted) call.workspace = admitted.workspace;
  const { body, digest: bodyDigest, discard } = await bodyOf(endpoint.body, request, engine);
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
      params: endpoint.params ? parseInput(endpoint.params, raw, "The path's") : raw,
      query: endpoint.query ? parseInput(endpoint.query, queryOf(request), "The query's") : queryOf(request),
      body,
    };
    const run = async () => {
      isTaken = true;
      try {
        const response = toResponse(await handle(context), call);
        return endpoint.answers?.[304] === undefined ? response : unlessUnchanged(request, response);
      } catch (error) {
        return refuse(call, error);
      }
    };
    if (!isWrite(request)) return await run();
    return await once(
      { engine, request, viewer, bodyDigest, confidential: endpoint.confidential ?? false },
      run,
    );
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
