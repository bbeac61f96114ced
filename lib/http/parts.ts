import { z } from "zod";
import { DeletedPart, Part, type PartInput } from "@/lib/domain/wire/contents";
import {
  changePart,
  createPart,
  deletePart,
  listParts,
  readPart,
  type PartKind,
  type PartView,
} from "@/lib/server/workspaces/contents/parts";
import { merged } from "@/lib/server/workspaces/contents/change";
import { NOT_MODIFIED } from "./answers/not-modified";
import { Reply } from "./reply";
import { route } from "./route";

/** A slug at the end of a path: it may hold slashes, as written or encoded. */
const SlugPath = z.object({ slug: z.array(z.string()).transform((segments) => segments.join("/")) });

/** `If-Match` and `If-None-Match` of a request. */
export function conditionsOf(request: Request) {
  return { ifMatch: request.headers.get("if-match"), ifNoneMatch: request.headers.get("if-none-match") };
}

/** An answer about one file, with its blob id as ETag. */
export function tagged<T>({ value, oid }: { value: T; oid: string | undefined }): Reply<T> {
  return new Reply(value, oid === undefined ? {} : { headers: { etag: `"${oid}"` } });
}

const toReply = ({ part, oid }: PartView) => tagged({ value: part, oid });

/** The handlers of `…/automations` or `…/pages`, the list and the single one. */
export function partRoutes(kind: Exclude<PartKind, "imports">, body: z.ZodType<PartInput>) {
  const one = kind === "automations" ? "an automation" : "a page";
  const read = route(
    {
      access: "workspace:read",
      summary: `Read ${one}`,
      params: SlugPath,
      response: Part,
      answers: NOT_MODIFIED,
      tagged: true,
    },
    async ({ engine, workspace, params }) => toReply(await readPart(engine, workspace, kind, params.slug)),
  );
  const list = route(
    { access: "workspace:read", summary: `List the ${kind} of a workspace`, response: z.array(Part) },
    async ({ engine, workspace }) => listParts(engine, workspace, kind),
  );
  const create = route(
    { access: "workspace:update", summary: `Create ${one}`, body, response: Part, tagged: true },
    async ({ engine, viewer, workspace, body: fields }) =>
      toReply(await createPart(engine, viewer, workspace, { kind, fields })),
  );
  const change = (replace: boolean) =>
    route(
      {
        access: "workspace:update",
        summary: `${replace ? "Replace" : "Change"} ${one}`,
        params: SlugPath,
        body,
        response: Part,
        tagged: true,
      },
      async ({ engine, viewer, workspace, params, body: fields, request }) =>
        toReply(
          await changePart(engine, viewer, workspace, {
            kind,
            slug: params.slug,
            conditions: conditionsOf(request),
            change: (before) =>
              replace
                ? merged({ ...(before.slug === undefined ? {} : { slug: before.slug }) }, fields)
                : merged(before, fields),
          }),
        ),
    );
  const remove = route(
    {
      access: "workspace:update",
      summary: `Delete ${one}`,
      params: SlugPath,
      response: DeletedPart,
      tagged: true,
    },
    async ({ engine, viewer, workspace, params, request }) =>
      deletePart(engine, viewer, workspace, { kind, slug: params.slug, conditions: conditionsOf(request) }),
  );
  return { list, create, read, patch: change(false), put: change(true), remove };
}
