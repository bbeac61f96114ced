import { archives } from "@/lib/contract/archives";
import { archiveResult } from "@/lib/http/body/archives";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { watch } from "@/lib/http/watch";
import { startArchiveImports } from "@/lib/server/archives/import";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(archives.importMany, async (context) => {
    const { engine, body: archive, viewer, query } = context;
    const started = await startArchiveImports(engine, viewer, archive, query);
    return watch(context, started, (operation) => archiveResult(engine, operation));
  }),
);
