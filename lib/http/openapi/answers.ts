import type { Endpoint } from "@/lib/contract/endpoint";
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
  "x-correlation-id": always("The id from the request, or a new one"),
  "ratelimit-limit": sometimes("Requests allowed per minute, if there is a limit", INTEGER),
  "ratelimit-remaining": sometimes("Requests left in this minute", INTEGER),
  "ratelimit-reset": sometimes("Seconds until the next minute begins", INTEGER),
};

function headersOf(endpoint: Endpoint): Record<string, DocumentHeader> {
  const { access, method, produces, starts, streams, tagged } = endpoint;
  return {
    ...COMMON,
    ...(starts || streams
      ? { "x-operation-id": sometimes("The operation that was started or that is followed") }
      : {}),
    ...(tagged ? { etag: sometimes("The blob id of the file, if there is one") } : {}),
    ...(method !== "GET" && access !== "public"
      ? { "idempotency-replayed": sometimes("`true`: the response to an earlier request with the same key") }
      : {}),
    ...(produces?.includes("application/zip")
      ? { "content-disposition": always("The suggested file name") }
      : {}),
  };
}

function contentOf(schemas: Schemas, { produces = [], response, streams }: Endpoint): Content {
  return {
    ...(response ? { "application/json": { schema: schemas.of(response, "output") } } : {}),
    ...Object.fromEntries(produces.map((type) => [type, { schema: rawSchema(type) }])),
    ...(streams ? { "text/event-stream": { schema: { $ref: "#/components/schemas/EventStream" } } } : {}),
  };
}

function otherAnswer(status: number, description: string, endpoint: Endpoint, content: Content) {
  const isRedirect = status >= 301 && status <= 308 && status !== 304;
  return {
    description,
    headers: {
      ...headersOf(endpoint),
      ...(isRedirect ? { location: always("Where to go") } : {}),
    },
    ...(status >= 300 && status < 400 ? {} : { content }),
  };
}

/** What an operation may answer, by status. */
export function answersOf(schemas: Schemas, endpoint: Endpoint): Record<string, DocumentAnswer> {
  const content = contentOf(schemas, endpoint);
  const problem: Content = { "application/json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return {
    ...(Object.keys(content).length > 0
      ? { "200": { description: "Done", headers: headersOf(endpoint), content } }
      : {}),
    ...Object.fromEntries(
      Object.entries(failuresOf(endpoint)).map(([status, description]) => [
        status,
        { description, headers: COMMON, content: problem },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(endpoint.answers ?? {}).map(([status, description]) => [
        status,
        otherAnswer(Number(status), description, endpoint, content),
      ]),
    ),
  };
}
