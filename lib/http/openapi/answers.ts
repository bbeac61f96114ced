import type { RouteSpec } from "../route";
import type { JsonSchema, Schemas } from "./schemas";
import { failuresOf } from "./words";

export type Content = Record<string, { schema: JsonSchema }>;

export interface DocumentHeader {
  description: string;
  /** Every such answer carries it. */
  required: boolean;
  schema: JsonSchema;
}

export interface DocumentAnswer {
  description: string;
  headers?: Record<string, DocumentHeader>;
  content?: Content;
}

export const BINARY: JsonSchema = { type: "string", contentMediaType: "application/octet-stream" };
export const TEXT: JsonSchema = { type: "string" };
const INTEGER: JsonSchema = { type: "integer", minimum: 0 };
const IS_TEXT = /^text\/|json|yaml|event-stream/;

export function rawSchema(type: string): JsonSchema {
  return IS_TEXT.test(type) ? TEXT : BINARY;
}

const always = (description: string, schema = TEXT): DocumentHeader => ({
  description,
  required: true,
  schema,
});
const sometimes = (description: string, schema = TEXT): DocumentHeader => ({
  description,
  required: false,
  schema,
});

const COMMON = {
  "x-correlation-id": always("The request's, or a new one"),
  "ratelimit-limit": sometimes("Requests in a minute, where they are limited", INTEGER),
  "ratelimit-remaining": sometimes("How many of them are left", INTEGER),
  "ratelimit-reset": sometimes("Seconds until the next minute begins", INTEGER),
};

/** What an operation is, as far as its answers depend on it. */
export interface Answering {
  method: string;
  path: string;
  spec: RouteSpec;
  /** The answer can be followed as a stream. */
  streams: boolean;
}

function headersOf({ method, spec, streams }: Answering): Record<string, DocumentHeader> {
  const isWrite = method !== "GET";
  return {
    ...COMMON,
    ...(spec.starts || (streams && spec.query)
      ? { "x-operation-id": sometimes("The operation that was started or is followed") }
      : {}),
    ...(spec.tagged ? { etag: sometimes("The blob id of the file, where there is one") } : {}),
    ...(isWrite && spec.access !== "public"
      ? { "idempotency-replayed": sometimes("`true`: the answer to an earlier request with the same key") }
      : {}),
    ...(spec.produces?.includes("application/zip")
      ? { "content-disposition": always("The name for the file") }
      : {}),
  };
}

function contentOf(schemas: Schemas, { spec, streams }: Answering): Content {
  const types = [...(spec.produces ?? []), ...(streams ? ["text/event-stream"] : [])];
  return {
    ...(spec.response ? { "application/json": { schema: schemas.of(spec.response, "output") } } : {}),
    ...Object.fromEntries([...new Set(types)].map((type) => [type, { schema: rawSchema(type) }])),
  };
}

function otherAnswer(status: number, description: string, answering: Answering, content: Content) {
  const isRedirect = status >= 301 && status <= 308 && status !== 304;
  return {
    description,
    headers: {
      ...headersOf(answering),
      ...(isRedirect ? { location: always("Where to go") } : {}),
    },
    ...(status >= 300 && status < 400 ? {} : { content }),
  };
}

/** What an operation may answer, by status. */
export function answersOf(schemas: Schemas, answering: Answering): Record<string, DocumentAnswer> {
  const { method, path, spec } = answering;
  const content = contentOf(schemas, answering);
  const problem: Content = { "application/json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return {
    ...(Object.keys(content).length > 0
      ? { "200": { description: "Done", headers: headersOf(answering), content } }
      : {}),
    ...Object.fromEntries(
      Object.entries(failuresOf(method, path, spec)).map(([status, description]) => [
        status,
        { description, headers: COMMON, content: problem },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(spec.answers ?? {}).map(([status, description]) => [
        status,
        otherAnswer(Number(status), description, answering, content),
      ]),
    ),
  };
}
