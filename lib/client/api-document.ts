"use client";

import { own } from "@/lib/domain/own";
import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { platform } from "@/lib/contract/platform";
import type { ApiError } from "./api";
import { callAs } from "./api/call";

const Schema = z.record(z.string(), z.unknown());
export type Schema = z.infer<typeof Schema>;

const Content = z.record(z.string(), z.object({ schema: Schema }));

const Parameter = z.object({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean().default(false),
  description: z.string().optional(),
  schema: Schema,
});
export type Parameter = z.infer<typeof Parameter>;

const Answer = z.object({ description: z.string(), content: Content.optional() });
type Answer = z.infer<typeof Answer>;

const Operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  description: z.string().optional(),
  tags: z.array(z.string()),
  "x-required-access": z.string(),
  parameters: z.array(Parameter),
  requestBody: z.object({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(z.string(), z.union([Answer, z.object({ $ref: z.string() })])),
});

const ApiDocument = z.object({
  info: z.object({ version: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), Schema), responses: z.record(z.string(), Answer) }),
});

/** One operation of the API, with the path and method that lead to it. */
export type ApiOperation = Omit<z.infer<typeof Operation>, "responses"> & {
  method: string;
  path: string;
  responses: Record<string, Answer>;
};

export interface ApiReference {
  version: string;
  operations: ApiOperation[];
  schemas: Record<string, Schema>;
}

/** The answers of an operation, those that it shares with others included. */
function answersOf(
  { responses }: z.infer<typeof Operation>,
  shared: Record<string, Answer>,
): Record<string, Answer> {
  return Object.fromEntries(
    Object.entries(responses).flatMap(([status, told]) => {
      const answer = "$ref" in told ? own(shared, told.$ref.split("/").at(-1) ?? "") : told;
      return answer ? [[status, answer]] : [];
    }),
  );
}

/** The API's document, as the page for people takes it. */
export function useApiReference() {
  return useQuery<ApiReference, ApiError>({
    queryKey: ["openapi"],
    staleTime: Infinity,
    queryFn: async () => {
      const { info, paths, components } = await callAs(ApiDocument, platform.document);
      const operations = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({
          ...operation,
          method: method.toUpperCase(),
          path,
          responses: answersOf(operation, components.responses),
        })),
      );
      return { version: info.version, operations, schemas: components.schemas };
    },
  });
}

/** Whether every word of a search is somewhere in what an operation is called. */
export function matchesSearch(operation: ApiOperation, search: string): boolean {
  const { method, path, summary, operationId, tags } = operation;
  const text = `${method} ${path} ${summary} ${operationId} ${tags.join(" ")}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** A command that makes the request, to be filled in. */
export function curlExample({ method, path, requestBody, responses }: ApiOperation, origin: string): string {
  const lines = [`curl${method === "GET" ? "" : ` -X ${method}`} "${origin}${path}"`];
  lines.push(`-H "Authorization: Bearer $ACCESS_TOKEN"`);
  const [type] = Object.keys(requestBody?.content ?? {});
  if (type === "application/json") lines.push(`-H "Content-Type: application/json"`, `-d '{}'`);
  else if (type === "multipart/form-data") lines.push(`-F archive=@workspace.zip`);
  else if (type) lines.push(`-H "Content-Type: ${type}"`, `--data-binary @file`);
  if (Object.keys(responses["200"]?.content ?? {}).every((one) => one === "application/zip"))
    lines.push("-o archive.zip");
  return lines.join(" \\\n  ");
}
