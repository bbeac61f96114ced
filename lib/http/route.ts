import type { z } from "zod";
import { AppError, invariant } from "@/lib/domain/error";
import { requirePlatform, requireWorkspace, type Action, type Grants } from "@/lib/server/access";
import { viewerOfSession, viewerOfToken } from "@/lib/server/access";
import { getEngine, type Engine } from "@/lib/server/engine";
import type { Viewer } from "@/lib/server/viewer";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import { cookieOf, cookieScope, sessionCookieName } from "./session/cookies";
import { CORRELATION_HEADER, correlationIdOf } from "./correlation";
import { isWrite, refuseForeignOrigin, requireCsrfToken } from "./session/csrf";
import { parseInput, queryOf } from "./parse";
import { problemResponse } from "./problem";
import { readBytes, readJson } from "./read-body";
import { Reply } from "./reply";

/** Who may call a route: anyone, anyone signed in, or whoever may do this on the platform or in workspace `{id}`. */
export type Access = "public" | "signed-in" | `platform:${Action}` | `workspace:${Action}`;

export interface RouteSpec<
  A extends Access = Access,
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  access: A;
  /** What it does, in one line of the API's document. */
  summary?: string;
  /** What else a reader of the document should know. */
  description?: string;
  params?: P;
  query?: Q;
  /** A schema for JSON, `bytes` for a body taken as it comes, or `archive` for an upload that the handler receives. */
  body?: B | RawBody;
  /** What leaves is what this schema names; absent only where the answer is no JSON. */
  response?: R;
  /** Content types of an answer that is no JSON, beside the JSON or in its place. */
  produces?: readonly string[];
  /** Content types of a body that is no JSON. */
  accepts?: readonly string[];
}

/** Bodies that are no JSON. */
type RawBody = "bytes" | "archive";

type BodyOf<B> = B extends z.ZodType ? z.output<B> : B extends "bytes" ? Uint8Array : undefined;

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
    /** When the session ends, for a viewer who has one. */
    sessionExpiresAt: string | undefined;
  };

/** What Next calls. */
export type RouteHandler = ((
  request: Request,
  context: { params: Promise<Record<string, string | string[]>> },
) => Promise<Response>) & { spec: RouteSpec };

interface Identity {
  viewer: Viewer | null;
  sessionExpiresAt: string | undefined;
}

async function identify(engine: Engine, request: Request, correlationId: string): Promise<Identity> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer (\S+)$/i.exec(authorization.trim())?.[1];
    if (token === undefined)
      throw new AppError("Unauthenticated", "Send the access token as `Authorization: Bearer at:…`.");
    return { viewer: await viewerOfToken(engine, token, correlationId), sessionExpiresAt: undefined };
  }
  refuseForeignOrigin(request, engine.env.publicUrl);
  const value = cookieOf(request, sessionCookieName(cookieScope(request, engine.env.publicUrl)));
  const session = value === null ? null : await viewerOfSession(engine, value, correlationId);
  if (!session) return { viewer: null, sessionExpiresAt: undefined };
  requireCsrfToken(request, session.csrfToken);
  return { viewer: session.viewer, sessionExpiresAt: session.expiresAt };
}

async function admit(engine: Engine, access: Access, viewer: Viewer | null, params: Record<string, unknown>) {
  if (access === "public") return {};
  if (!viewer) throw new AppError("Unauthenticated", "Sign in, or send an access token.");
  const [place, action] = access.split(":") as [string, Action | undefined];
  if (action === undefined) return {};
  if (place === "platform") return { grants: await requirePlatform(engine, viewer, action) };
  invariant(typeof params.id === "string", "a route about a workspace has {id} in its path");
  return requireWorkspace(engine, viewer, action, params.id);
}

function finish(response: Response, correlationId: string): Response {
  response.headers.set(CORRELATION_HEADER, correlationId);
  response.headers.set("x-content-type-options", "nosniff");
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  return response;
}

function toResponse(result: unknown, schema: z.ZodType | undefined): Response {
  if (result instanceof Response) return result;
  const reply = result instanceof Reply ? result : new Reply(result);
  invariant(schema, "a route that answers JSON declares its response");
  const checked = schema.safeParse(reply.value);
  if (!checked.success)
    throw new Error("An answer does not have the form it was declared with.", { cause: checked.error });
  return Response.json(checked.data, { status: reply.status, headers: reply.headers });
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
  const handler = async (
    request: Request,
    { params: pending }: { params: Promise<Record<string, string | string[]> | undefined> },
  ): Promise<Response> => {
    const correlationId = correlationIdOf(request);
    let engine: Engine | null = null;
    try {
      engine = await getEngine();
      const identity = await identify(engine, request, correlationId);
      // A path without a variable part has no parameters at all.
      const raw = (await pending) ?? {};
      const admitted = await admit(engine, spec.access, identity.viewer, raw);
      const context = {
        engine,
        request,
        correlationId,
        ...identity,
        ...admitted,
        params: spec.params ? parseInput(spec.params, raw, "The path's") : raw,
        query: spec.query ? parseInput(spec.query, queryOf(request), "The query's") : queryOf(request),
        body: await bodyOf(spec.body, request, engine),
      };
      const result = await handle(context as unknown as Parameters<typeof handle>[0]);
      return finish(toResponse(result, spec.response), correlationId);
    } catch (error) {
      return finish(problemResponse(error, correlationId, engine), correlationId);
    }
  };
  return Object.assign(handler, { spec: spec as unknown as RouteSpec });
}

async function bodyOf(schema: z.ZodType | RawBody | undefined, request: Request, engine: Engine) {
  if (schema === undefined || schema === "archive" || !isWrite(request)) return undefined;
  if (schema === "bytes") return readBytes(request, engine.env.limits.bodyBytes);
  return parseInput(schema, await readJson(request, engine.env.limits.bodyBytes), "The body");
}
