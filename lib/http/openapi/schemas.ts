import { setOwn } from "@/lib/domain/own";
import { ArchiveResult } from "@/lib/domain/wire/archives";
import { SearchQuery } from "@/lib/domain/wire/search";
import { z } from "zod";
import * as api from "@/lib/domain/wire/api";
import { ConnectionReport } from "@/lib/domain/wire/connection";
import * as contents from "@/lib/domain/wire/contents";
import { CustomDomain } from "@/lib/domain/wire/custom-domain";
import { BulkImportRequest, BulkImportSummary, BulkPushRequest, BulkPushSummary } from "@/lib/domain/bulk";
import { ERRORS } from "@/lib/domain/error";
import { Event } from "@/lib/domain/event";
import { Operation } from "@/lib/domain/operation";
import { ImportError, Version } from "@/lib/domain/version";
import { PublishedApp, SyncRecord, WorkspaceSummary } from "@/lib/domain/workspace";
import { WriteLock } from "@/lib/domain/write-lock";
import { Flag, List } from "@/lib/contract/endpoint/query";

/** JSON Schema as it stands in the document. */
export type JsonSchema = Record<string, unknown>;

/** The flat shape of every error. */
export const Problem = z.object({
  error: z.enum(Object.keys(ERRORS) as [keyof typeof ERRORS]),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/**
 * An answer that is a stream instead of JSON. No value is listed: a client made of the document could not tell by the
 * request which of the two it gets, and would have to cast the JSON if a text stood beside it.
 */
export const EVENT_STREAM = {
  type: "string",
  enum: [],
  description:
    "Server-sent events, to be read one by one as they come. No value stands for the whole, so a generated client has the JSON answer's type alone.",
};

const NAMED = {
  Workspace: WorkspaceSummary,
  WorkspaceDetail: api.WorkspaceDetail,
  Repository: api.RepositoryListing,
  SourceList: api.SourceList,
  SyncView: api.SyncView,
  FileChange: api.FileChange,
  PullResult: api.PullResult,
  ArchiveResult,
  Me: api.Me,
  PlatformView: api.PlatformView,
  WorkspaceStatus: api.WorkspaceStatus,
  Part: contents.Part,
  AutomationInput: contents.AutomationInput,
  PageInput: contents.PageInput,
  AppInstance: contents.AppInstance,
  Security: contents.Security,
  ConfigView: contents.ConfigView,
  CustomDomain,
  ConnectionReport,
  Version,
  ImportError,
  PublishedApp,
  SyncRecord,
  WriteLock,
  Event,
  Operation,
  BulkPushRequest,
  BulkPushSummary,
  BulkImportRequest,
  BulkImportSummary,
  SearchQuery,
  Problem,
} satisfies Record<string, z.ZodType>;

// A registry of this document alone: names in zod's global one would clash between copies of a module.
const registry = z.registry<{ id?: string; type?: string; description?: string }>();
for (const [id, schema] of Object.entries(NAMED)) registry.add(schema as z.ZodType, { id });
registry.add(Flag, { type: "boolean" });
registry.add(List, { description: "Several, separated by commas." });

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same schema in the document's words: references point to its components, digits are integers. */
function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (!isObject(value)) return value;
  if (value.type === "string" && value.pattern === String.raw`^\d{1,9}$`) {
    const { pattern: _pattern, ...rest } = value;
    return { ...rest, type: "integer", minimum: 0 };
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "$schema" && key !== "~standard")
      .map(([key, inner]) => [
        key,
        key === "$ref" && typeof inner === "string"
          ? inner.replace("#/$defs/", "#/components/schemas/")
          : rewrite(inner),
      ]),
  );
}

/** Collects the named schemas that the document's parts refer to. */
export class Schemas {
  readonly components: Record<string, unknown> = {};

  /** The JSON Schema of what a client sends (`input`) or is answered (`output`). */
  of(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const { properties, $defs = {} } = z.toJSONSchema(z.object({ value: schema }), {
      io,
      metadata: registry,
      unrepresentable: "any",
      // What is sent and what is answered differ for the same schema only by defaults, which both name.
      reused: "inline",
    });
    for (const [name, definition] of Object.entries($defs)) {
      const { id: _id, ...rest } = definition as JsonSchema;
      if (!Object.hasOwn(this.components, name)) setOwn(this.components, name, rewrite(rest));
    }
    const value = rewrite(properties?.["value"]);
    return isObject(value) ? value : {};
  }
}
