import { archives } from "@/lib/contract/archives";
import { archiveResult } from "@/lib/http/body/archives";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { watch } from "@/lib/http/watch";
import { startArchiveImport } from "@/lib/server/archives/import";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(archives.importInto, async (context) => {
    const { engine, body: archive, viewer, workspace, query } = context;
    const started = await startArchiveImport(engine, viewer, workspace, archive, query);
    return watch(context, started, (operation) => archiveResult(engine, operation));
  }),
);
