import { files } from "@/lib/contract/files";
import { conditionsOf } from "@/lib/http/parts";
import { Reply } from "@/lib/http/reply";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { shownTo } from "@/lib/server/workspaces/edits/credentials";
import { contentTypeOf, deleteSource, putSource, readSource } from "@/lib/server/workspaces/edits/sources";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(files.read, async ({ engine, workspace, grants, params }) => {
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
  }),
  route(files.write, async ({ engine, viewer, workspace, params, body, request }) => {
    const written = await putSource(engine, viewer, workspace, {
      path: params.path,
      bytes: body,
      conditions: conditionsOf(request),
    });
    return new Reply(written, { headers: { etag: `"${written.oid}"` } });
  }),
  route(files.remove, async ({ engine, viewer, workspace, params, request }) => {
    await deleteSource(engine, viewer, workspace, { path: params.path, conditions: conditionsOf(request) });
    return { path: params.path };
  }),
);
