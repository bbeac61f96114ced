import { own } from "@/lib/domain/own";

/** The parts of a path, or the fields of a body, as they were sent. */
export type Facts = Readonly<Record<string, unknown>>;

/** What is written down of a request. */
export interface Audit {
  action: string;
  /** What was acted on, from the path or the body; never a value that may be secret. */
  target?: (params: Facts, body: Facts) => unknown;
  details?: (body: Facts) => Record<string, unknown>;
  /** The action's name only then; `elsewise` is it otherwise. */
  when?: (params: Facts, body: Facts) => boolean;
  elsewise?: string;
}

/** A write that changes nothing, or writes its entry where it happens. */
export interface NotAudited {
  action: null;
  why: string;
}

const keysOf = (value: unknown) => (typeof value === "object" && value !== null ? Object.keys(value) : []);
const MOST = 100;

export const param = (name: string) => (params: Facts) => own(params, name);
export const field = (name: string) => (_params: Facts, body: Facts) => own(body, name);

/** What was made is called so, or will be. */
export const slugOrName = (_params: Facts, body: Facts) => body.slug ?? body.appSlug ?? body.name;

/** The names of what was set, never the values. */
export const names = (body: Facts) => ({ names: keysOf(body).slice(0, MOST) });
export const fields = (body: Facts) => ({ fields: keysOf(body).slice(0, MOST) });
export const pathsOf = ({ files }: Facts) => keysOf(files);
export const namesIn = ({ value }: Facts) => keysOf(value).slice(0, MOST);

export const repository = (body: Facts): { repository?: string } => {
  const id = (body.repository as { id?: unknown } | undefined)?.id;
  return typeof id === "string" ? { repository: id } : {};
};

const FLAGS = ["force", "forceReimport", "prune", "putBack", "startOver"];

/** What a push or pull was asked to overwrite, and which other workspaces it was told to put in place. */
export const overwriting = (body: Facts): Record<string, unknown> => {
  const others = [own(body, "otherWorkspaceId"), own(body, "otherWorkspaceIds")].flat();
  const ids = others.filter((id) => typeof id === "string").slice(0, MOST);
  return {
    ...Object.fromEntries(FLAGS.flatMap((name) => (own(body, name) === true ? [[name, true]] : []))),
    ...(ids.length > 0 ? { otherWorkspaceIds: ids.map((id) => id.slice(0, MOST)) } : {}),
  };
};

/** The end of a path that may hold slashes. */
export const rest = (name: string) => (params: Facts) => {
  const value = own(params, name);
  return Array.isArray(value) ? value.join("/") : "";
};
