import { archiveResult, ImportQuery } from "@/lib/http/body/archives";
import { ImportAnswer } from "@/lib/domain/wire/archives";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { watch } from "@/lib/http/watch";
import { startArchiveImport } from "@/lib/server/archives/import";

export const POST = route(
  {
    access: "workspace:update",
    summary: "Import an archive into a workspace",
    query: ImportQuery,
    body: "archive",
    response: ImportAnswer,
  },
  async (context) => {
    const { engine, body: archive, viewer, workspace, query } = context;
    const started = await startArchiveImport(engine, viewer, workspace, archive, query);
    return watch(context, started, (operation) => archiveResult(engine, operation));
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
