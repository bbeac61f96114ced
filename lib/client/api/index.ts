import { z } from "zod";
import type { ErrorCode } from "@/lib/domain/error";
import { isPageHeld, tellLine } from "../stream/line";

const Problem = z.object({
  error: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** A refusal or failure of the API, with the code and facts it was answered with. */
export class ApiError extends Error {
  readonly code: ErrorCode | "Offline" | "UnexpectedAnswer";
  readonly status: number;
  readonly details: Record<string, unknown>;
  readonly correlationId: string | undefined;

  constructor(
    code: ApiError["code"],
    message: string,
    status: number,
    details: Record<string, unknown> = {},
    correlationId?: string,
  ) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.details = details;
    this.correlationId = correlationId;
  }
}

/** Any thrown value as something an ErrorPanel can show. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError("UnexpectedAnswer", error instanceof Error ? error.message : String(error), 0);
}

interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, with `contentType`. */
  text?: string;
  contentType?: string;
  /** Sent as multipart/form-data. */
  form?: FormData;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export type Query = Record<string, string | number | boolean | undefined | readonly string[]>;

/** A path with its query; what is undefined or empty is left out. */
export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === "" || value === false) continue;
    search.set(key, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** The session's token from its cookie, whose name carries the port: two instances may share a host. */
function csrfHeader(): Record<string, string> {
  const cookies = document.cookie.split("; ").map((cookie) => cookie.split("="));
  const own = `switchyard_csrf${window.location.port ? `_${window.location.port}` : ""}`;
  const found =
    cookies.find(([name]) => name === own) ??
    cookies.find(([name]) => name?.startsWith("switchyard_csrf") ?? false);
  return found?.[1] ? { "x-csrf-token": found[1] } : {};
}

async function problemOf(response: Response): Promise<ApiError> {
  const correlationId = response.headers.get("x-correlation-id") ?? undefined;
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const problem = Problem.safeParse(body);
  if (!problem.success) {
    return new ApiError(
      "UnexpectedAnswer",
      `The server answered ${String(response.status)} without saying why. Try again in a moment.`,
      response.status,
      {},
      correlationId,
    );
  }
  const { error, message, details } = problem.data;
  return new ApiError(error as ErrorCode, message, response.status, details, correlationId);
}

/** Loads a whole new page: nothing that was read with the session before stays in memory. */
export function leaveFor(path: string): void {
  window.location.assign(path);
}

/** Goes to the sign-in page, which leads back here. */
export function leaveForSignIn(): void {
  if (window.location.pathname.startsWith("/sign-in")) return;
  const here = window.location.pathname + window.location.search;
  leaveFor(here === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`);
}

function bodyOf({ json, text, form }: Pick<RequestOptions, "json" | "text" | "form">): { body?: BodyInit } {
  if (json !== undefined) return { body: JSON.stringify(json) };
  const body = form ?? text;
  return body === undefined ? {} : { body };
}

/** One request to the API. Throws ApiError; a lost session leads to the sign-in page, unless something is unsaved. */
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  const { method = "GET", json, contentType, headers, signal } = options;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      ...(signal ? { signal } : {}),
      headers: {
        accept: "application/json",
        ...(method === "GET" ? {} : csrfHeader()),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...(contentType ? { "content-type": contentType } : {}),
        ...headers,
      },
      ...bodyOf(options),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    tellLine("lost");
    throw new ApiError("Offline", "The server does not answer. Check the connection, then try again.", 0);
  }
  const isSessionLost = response.status === 401 && !path.startsWith("/v2/signin");
  if (!isSessionLost) tellLine("up");
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (isSessionLost) {
    // Leaving would take unsaved text along; whoever typed it can sign in elsewhere and go on.
    if (isPageHeld()) tellLine("signed-out");
    else leaveForSignIn();
  }
  throw problem;
}

/** Checks a body against its schema; a difference between the two sides is said plainly. */
export function parseAnswer<T>(body: unknown, schema: z.ZodType<T>, path: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ApiError(
    "UnexpectedAnswer",
    `The server's answer to ${path.split("?")[0] ?? path} has an unexpected shape at “${issue?.path.join(".") ?? ""}”: ${issue?.message ?? "unknown"}. Reload the page; server and console may be of different versions.`,
    200,
  );
}
