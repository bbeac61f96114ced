import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { openApiDocument, type OpenApiDocument } from "@/lib/http/openapi/document";
import { route } from "@/lib/http/route";
import { version } from "@/package.json";
import { ROUTES } from "./routes";

let document: OpenApiDocument | undefined;

export const GET = route(
  {
    access: "public",
    summary: "This document",
    response: z.looseObject({ openapi: z.string() }),
  },
  () => Promise.resolve({ ...(document ??= openApiDocument(ROUTES, version)) }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
