import type { z } from "zod";
import type { Endpoint, PathNames } from "@/lib/contract/endpoint";
import { own } from "@/lib/domain/own";
import { parseAnswer, request, withQuery, type Query } from ".";

type Part<E, Name extends string> = E extends Record<Name, infer Value> ? Value : undefined;

/** A value of a query as pages have it. Where it comes from their own address, the server says what is wrong with it. */
type Word<T> = T extends Date | string ? string : T extends string[] ? string | readonly string[] : T;
type QueryOf<Q extends z.ZodType> = {
  readonly [Name in keyof z.input<Q>]:
    (Name extends keyof z.output<Q> ? Word<z.output<Q>[Name]> : string) | undefined;
};

/** The fields that have to be given; `{}` fits what may be left out. */
type Given<Name extends string, T> = object extends T ? Partial<Record<Name, T>> : Record<Name, T>;

type ParamsIn<E extends Endpoint> = [PathNames<E["path"]>] extends [never]
  ? unknown
  : { params: Readonly<Record<PathNames<E["path"]>, string>> };
type QueryIn<E> = Part<E, "query"> extends infer Q extends z.ZodType ? Given<"query", QueryOf<Q>> : unknown;
type BodyIn<E> =
  Part<E, "bodies"> extends infer Forms extends z.ZodType
    ? { body: z.input<Forms> }
    : Part<E, "body"> extends infer B
      ? B extends z.ZodType
        ? Given<"body", z.input<B>>
        : B extends "bytes"
          ? { text: string; contentType: string }
          : B extends "archive"
            ? { form: FormData }
            : unknown
      : never;

/** Where an endpoint is called: the variable parts of its path, and its query. */
export type Place<E extends Endpoint> = ParamsIn<E> & QueryIn<E>;
/** What an endpoint is called with. */
export type Input<E extends Endpoint> = Place<E> &
  BodyIn<E> & { headers?: Record<string, string>; signal?: AbortSignal };
export type Answer<E extends Endpoint> =
  Part<E, "response"> extends infer R extends z.ZodType ? z.output<R> : never;

type Optional<T> = object extends T ? [input?: T] : [input: T];

/** What an input may have, whatever its endpoint. */
interface AnyInput {
  params?: Readonly<Record<string, string>>;
  query?: Query;
  body?: unknown;
  text?: string;
  contentType?: string;
  form?: FormData;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A text as one segment of a path. A colon needs no percent sign there, and `slug:shop` is easier to read. */
function segment(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}

function fill({ path }: Endpoint, { params = {}, query = {} }: AnyInput): string {
  const filled = path.replace(/\[(\.\.\.)?([^\]]+)\]/g, (_whole, rest: string | undefined, name: string) => {
    const value = own(params, name) ?? "";
    return rest ? value.split("/").map(segment).join("/") : segment(value);
  });
  return withQuery(filled, query);
}

/** The address of an endpoint, for links and streams. */
export function addressOf<E extends Endpoint>(endpoint: E, ...[place]: Optional<Place<E>>): string {
  return fill(endpoint, place ?? {});
}

/** One request to an endpoint, whose answer is read by whoever asked. Throws ApiError. */
export async function send<E extends Endpoint>(
  endpoint: E,
  ...[input]: Optional<Input<E>>
): Promise<Response> {
  const { params: _params, query: _query, body, ...options } = (input ?? {}) as AnyInput;
  return request(fill(endpoint, input ?? {}), {
    method: endpoint.method,
    ...(body === undefined ? {} : { json: body }),
    ...options,
  });
}

/** One request to an endpoint, whose answer is checked against its contract. Throws ApiError. */
export async function call<E extends Endpoint & { response: z.ZodType }>(
  endpoint: E,
  ...input: Optional<Input<E>>
): Promise<Answer<E>> {
  const response = await send(endpoint, ...input);
  return parseAnswer(await response.json(), endpoint.response, endpoint.path) as Answer<E>;
}

/** The same for one form of an answer that has several, of which the request decides. */
export async function callAs<T, E extends Endpoint>(
  form: z.ZodType<T>,
  endpoint: E,
  ...input: Optional<Input<E>>
): Promise<T> {
  const response = await send(endpoint, ...input);
  return parseAnswer(await response.json(), form, endpoint.path);
}

/** A workspace in the path of its endpoints, named by its slug. */
export function workspaceNamed(slug: string): { id: string } {
  return { id: slug === "platform" ? "platform" : `slug:${slug}` };
}
