import type { automations, pages } from "@/lib/contract/content";
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
import { Reply } from "./reply";
import { route } from "./route";
import { routes } from "./routes";

/** `If-Match` and `If-None-Match` of a request. */
export function conditionsOf(request: Request) {
  return { ifMatch: request.headers.get("if-match"), ifNoneMatch: request.headers.get("if-none-match") };
}

/** An answer about one file, with its blob id as ETag. */
export function tagged<T>({ value, oid }: { value: T; oid: string | undefined }): Reply<T> {
  return new Reply(value, oid === undefined ? {} : { headers: { etag: `"${oid}"` } });
}

const toReply = ({ part, oid }: PartView) => tagged({ value: part, oid });

type Parts = typeof automations | typeof pages;

/** The handlers of `…/automations` or `…/pages`, the list and the single one. */
export function partRoutes(kind: Exclude<PartKind, "imports">, endpoints: Parts) {
  const list = route(endpoints.list, async ({ engine, workspace }) => listParts(engine, workspace, kind));
  const create = route(endpoints.create, async ({ engine, viewer, workspace, body: fields }) =>
    toReply(await createPart(engine, viewer, workspace, { kind, fields })),
  );
  const read = route(endpoints.read, async ({ engine, workspace, params }) =>
    toReply(await readPart(engine, workspace, kind, params.slug)),
  );
  const change = (endpoint: Parts["patch"] | Parts["put"], replace: boolean) =>
    route(endpoint, async ({ engine, viewer, workspace, params, body: fields, request }) =>
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
  const remove = route(endpoints.remove, async ({ engine, viewer, workspace, params, request }) =>
    deletePart(engine, viewer, workspace, { kind, slug: params.slug, conditions: conditionsOf(request) }),
  );
  return {
    collection: routes(list, create),
    one: routes(read, change(endpoints.put, true), change(endpoints.patch, false), remove),
  };
}
