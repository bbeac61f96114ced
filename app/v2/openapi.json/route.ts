import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { compact, type CompactDocument } from "@/lib/http/openapi/compact";
import { openApiDocument } from "@/lib/http/openapi/document";
import { route } from "@/lib/http/route";
import { version } from "@/package.json";
import { ROUTES } from "./routes";

let document: CompactDocument | undefined;

export const GET = route(
  {
    access: "public",
    summary: "This document",
    response: z.looseObject({ openapi: z.string() }),
  },
  () => Promise.resolve({ ...(document ??= compact(openApiDocument(ROUTES, version))) }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
