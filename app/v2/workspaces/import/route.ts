import { archiveResult, FleetImportQuery, ImportAnswer } from "@/lib/http/body/archives";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { receiveArchive } from "@/lib/http/body/upload";
import { watch } from "@/lib/http/watch";
import { startArchiveImports } from "@/lib/server/archives/import";

export const POST = route(
  {
    access: "signed-in",
    summary: "Import an archive as a new workspace, or all the workspaces it holds",
    query: FleetImportQuery,
    body: "archive",
    response: ImportAnswer,
  },
  async (context) => {
    const { engine, request, viewer, query } = context;
    const archive = await receiveArchive(request, engine.env.limits.archiveBytes);
    const started = await startArchiveImports(engine, viewer, archive, query);
    return watch(context, started, (operation) => archiveResult(engine, operation));
  },
);

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
