import { archiveResult, FleetImportQuery } from "@/lib/http/body/archives";
import { ImportAnswer } from "@/lib/domain/wire/archives";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
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
    const { engine, body: archive, viewer, query } = context;
    const started = await startArchiveImports(engine, viewer, archive, query);
    return watch(context, started, (operation) => archiveResult(engine, operation));
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
