import type { z } from "zod";
import { documentPath, METHODS, partsOf, type Endpoint } from "@/lib/contract/endpoint";
import { own, setOwn } from "@/lib/domain/own";
import { answersOf, BINARY, rawSchema, TEXT, type Content, type DocumentAnswer } from "./answers";
import { EVENT_STREAM, Problem, Schemas, type JsonSchema } from "./schemas";
import { operationId } from "./words";

interface DocumentParameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export interface DocumentOperation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security: Record<string, string[]>[];
  "x-required-access": string;
  parameters: DocumentParameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, DocumentAnswer>;
}

export interface OpenApiDocument {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, DocumentOperation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}

function propertiesOf(schema: JsonSchema): { properties: Record<string, JsonSchema>; required: string[] } {
  return {
    properties: (schema.properties ?? {}) as Record<string, JsonSchema>,
    required: Array.isArray(schema.required) ? schema.required.map(String) : [],
  };
}

function pathParameters(schemas: Schemas, { params, path }: Endpoint): DocumentParameter[] {
  const { properties } = params ? propertiesOf(schemas.of(params, "input")) : { properties: {} };
  const known = properties as Record<string, JsonSchema>;
  return partsOf(path).map(({ name, rest }) => ({
    name,
    in: "path",
    required: true,
    ...(rest ? { description: "May hold slashes." } : {}),
    ...(name === "id" && path.startsWith("/v2/workspaces/[id]")
      ? { description: "The workspace's id, or slug: followed by its slug." }
      : {}),
    schema: rest ? TEXT : (own(known, name) ?? TEXT),
  }));
}

function queryParameters(schemas: Schemas, query: z.ZodType | undefined): DocumentParameter[] {
  if (!query) return [];
  const schema = schemas.of(query, "input");
  const { properties, required } = propertiesOf(schema);
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(typeof description === "string" ? { description } : {}),
    schema: rest,
  }));
}

const IDEMPOTENCY: DocumentParameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Repeating a request with the same key returns the first response.",
  schema: { type: "string", maxLength: 255 },
};

const IF_MATCH: DocumentParameter = {
  name: "If-Match",
  in: "header",
  required: false,
  description:
    "The ETag that the file had when it was read. If it differs, nothing changes and the response is 412.",
  schema: TEXT,
};

const IF_NONE_MATCH: DocumentParameter = {
  name: "If-None-Match",
  in: "header",
  required: false,
  description:
    "ETags that the client already has a response for. If one still matches, the response is 304 without a body.",
  schema: TEXT,
};

function headerParameters({ access, answers, method, tagged }: Endpoint): DocumentParameter[] {
  return [
    ...(answers?.[304] === undefined ? [] : [IF_NONE_MATCH]),
    ...(method === "GET" || access === "public" ? [] : [IDEMPOTENCY]),
    ...(tagged && method !== "GET" && method !== "POST" ? [IF_MATCH] : []),
  ];
}

function bodyOf(schemas: Schemas, { body, bodies, accepts }: Endpoint): DocumentOperation["requestBody"] {
  const given = bodies ?? body;
  if (given === undefined) return undefined;
  if (given === "archive")
    return {
      required: true,
      content: {
        "multipart/form-data": {
          schema: { type: "object", properties: { archive: BINARY }, required: ["archive"] },
        },
      },
    };
  if (given === "bytes") {
    const types = accepts ?? ["application/octet-stream"];
    return {
      required: true,
      content: Object.fromEntries(types.map((type) => [type, { schema: rawSchema(type) }])),
    };
  }
  return {
    required: !given.safeParse({}).success,
    content: { "application/json": { schema: schemas.of(given, "input") } },
  };
}

function operationOf(schemas: Schemas, endpoint: Endpoint): DocumentOperation {
  const { access, description, method, path, query, summary, tag } = endpoint;
  const requestBody = bodyOf(schemas, endpoint);
  return {
    operationId: operationId(method, path),
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    security: access === "public" ? [] : [{ accessToken: [] }, { session: [] }],
    "x-required-access": access,
    parameters: [
      ...pathParameters(schemas, endpoint),
      ...queryParameters(schemas, query),
      ...headerParameters(endpoint),
    ],
    ...(requestBody ? { requestBody } : {}),
    responses: answersOf(schemas, endpoint),
  };
}

/** The endpoints of each path, in the order of the methods. */
function byPath(endpoints: readonly Endpoint[]): Map<string, Endpoint[]> {
  const ordered = METHODS.flatMap((method) => endpoints.filter((endpoint) => endpoint.method === method));
  const paths = [...new Set(endpoints.map(({ path }) => path))].sort();
  return new Map(paths.map((path) => [path, ordered.filter((endpoint) => endpoint.path === path)]));
}

/** The OpenAPI document of these endpoints, made of the schemas that check their requests and answers. */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): OpenApiDocument {
  const schemas = new Schemas();
  schemas.of(Problem, "output");
  setOwn(schemas.components, "EventStream", EVENT_STREAM);
  const paths: OpenApiDocument["paths"] = {};
  for (const [path, own] of byPath(endpoints)) {
    const operations: Record<string, DocumentOperation> = {};
    for (const endpoint of own)
      setOwn(operations, endpoint.method.toLowerCase(), operationOf(schemas, endpoint));
    setOwn(paths, documentPath(path), operations);
  }
  const tags = new Set(endpoints.map(({ tag }) => tag));
  return {
    openapi: "3.1.0",
    info: {
      title: "Switchyard",
      version,
      description:
        "Versions, promotes and rolls back workspaces of an AI-builder platform through git. Errors are flat: `error`, `message`, `details`.",
    },
    servers: [{ url: "/" }],
    tags: [...tags].sort().map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas.components).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        accessToken: { type: "http", scheme: "bearer", bearerFormat: "at:…" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "switchyard_session",
          description: "The console's session; writes send its CSRF token in a header.",
        },
      },
    },
  };
}
