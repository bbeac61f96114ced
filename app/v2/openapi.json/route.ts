import { platform } from "@/lib/contract/platform";
import { compact, type CompactDocument } from "@/lib/http/openapi/compact";
import { openApiDocument } from "@/lib/http/openapi/document";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { version } from "@/package.json";
import { ENDPOINTS } from "@/lib/contract";

let document: CompactDocument | undefined;

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(platform.document, () =>
    Promise.resolve({ ...(document ??= compact(openApiDocument(ENDPOINTS, version))) }),
  ),
);
