import { z } from "zod";
import { SourceEntry } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { NOT_MODIFIED } from "@/lib/http/answers/not-modified";
import { conditionsOf } from "@/lib/http/parts";
import { Reply } from "@/lib/http/reply";
import { route } from "@/lib/http/route";
import { shownTo } from "@/lib/server/workspaces/edits/credentials";
import { contentTypeOf, deleteSource, putSource, readSource } from "@/lib/server/workspaces/edits/sources";

const params = z.object({ path: z.array(z.string()).transform((segments) => segments.join("/")) });

export const GET = route(
  {
    access: "workspace:read",
    summary: "Read a file as its author wrote it",
    params,
    produces: ["text/yaml", "application/json", "text/plain", "application/octet-stream"],
    answers: NOT_MODIFIED,
    tagged: true,
  },
  async ({ engine, workspace, grants, params }) => {
    const { file, bytes: written } = await readSource(engine, workspace, params.path);
    const bytes = shownTo(grants, workspace.id)(file.path, written);
    const etag = bytes === written ? `"${file.oid}"` : null;
    const headers = {
      // What is shown with something left out is not the file, so it has no id.
      ...(etag === null ? {} : { etag }),
      "content-type": contentTypeOf(file.path, bytes),
      "cache-control": "private, no-cache",
    };
    return new Response(new Uint8Array(bytes), {
      headers: { ...headers, "content-security-policy": "sandbox; default-src 'none'" },
    });
  },
);

export const PUT = route(
  {
    access: "workspace:update",
    summary: "Write a file",
    params,
    body: "bytes",
    accepts: ["text/yaml", "application/octet-stream"],
    response: SourceEntry.extend({ revision: z.number() }),
    tagged: true,
  },
  async ({ engine, viewer, workspace, params, body, request }) => {
    const written = await putSource(engine, viewer, workspace, {
      path: params.path,
      bytes: body,
      conditions: conditionsOf(request),
    });
    return new Reply(written, { headers: { etag: `"${written.oid}"` } });
  },
);

export const DELETE = route(
  {
    access: "workspace:update",
    summary: "Delete a file",
    params,
    response: z.object({ path: z.string() }),
    tagged: true,
  },
  async ({ engine, viewer, workspace, params, request }) => {
    await deleteSource(engine, viewer, workspace, { path: params.path, conditions: conditionsOf(request) });
    return { path: params.path };
  },
);

export const { POST, PATCH, OPTIONS } = otherMethods("GET", "PUT", "DELETE");
