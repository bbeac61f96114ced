import { archiveResult, ImportAnswer, ImportQuery } from "@/lib/http/body/archives";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { receiveArchive } from "@/lib/http/body/upload";
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
    const { engine, request, viewer, workspace, query } = context;
    const archive = await receiveArchive(request, engine.env.limits.archiveBytes);
    const started = await startArchiveImport(engine, viewer, workspace, archive, query);
    return watch(context, started, (operation) => archiveResult(engine, operation));
  },
);

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
