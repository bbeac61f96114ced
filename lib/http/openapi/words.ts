import type { RouteSpec } from "../route";

/** `/v2/workspaces/[id]/sources/[...path]` as the document writes it. */
export function documentPath(path: string): string {
  return path.replace(/\[\[?(?:\.\.\.)?([^\]]+)\]\]?/g, "{$1}");
}

/** The names of a path's parameters; `rest` says that one takes slashes. */
export function parametersOf(path: string): { name: string; rest: boolean }[] {
  return [...path.matchAll(/\[\[?(\.\.\.)?([^\]]+)\]\]?/g)].map(([, dots, name = ""]) => ({
    name,
    rest: dots !== undefined,
  }));
}

export function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "" && word !== "v2");
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join(
    "",
  );
}

const TAGS: [RegExp, string][] = [
  [/\/versions|\/push$|\/pull$|\/writeLock$|\/sync(\/|$)|\/repositories/, "Versions"],
  [/^\/v2\/workspaces.*\/(export|import)$/, "Archives"],
  [/\/events$|\/search$/, "Events"],
  [/\/sources/, "Files"],
  [/\/security|\/permissions|\/tokens/, "Security and sharing"],
  [/\/(automations|pages|apps|config|blocks|domains|customDomains)(\/|$)/, "Content"],
  [/^\/v2\/workspaces/, "Workspaces"],
  [/^\/v2\/operations/, "Operations"],
  [/^\/v2\/(me|user|users|sign|audit|oidc|auth)/, "People"],
];

/** The heading under which the document lists a path. */
export function tagOf(path: string): string {
  if (path.startsWith("/v2/workspaces/platform/")) return "Platform";
  return TAGS.find(([pattern]) => pattern.test(path))?.[1] ?? "Platform";
}

const ALWAYS = { 400: "Bad input", 429: "Too many requests", 500: "Something broke inside" };
const SIGNED = { 401: "Not signed in" };
const LIMITED = { 403: "Not permitted" };
const PLACED = { 404: "Not found, or not to be seen by the caller" };
const WRITING = {
  409: "In conflict with what is there",
  413: "Too large",
  422: "Content that cannot be read",
  423: "Locked",
};
const REMOTE = { 502: "The remote repository failed" };

/** The statuses an operation may fail with, and what each means. */
export function failuresOf(
  method: string,
  path: string,
  { access, body, tagged }: RouteSpec,
): Record<string, string> {
  const versioning = /versions|push|pull|sync|import/.test(path);
  return {
    ...ALWAYS,
    ...(access === "public" ? {} : { ...SIGNED, ...LIMITED }),
    ...(path.includes("[") ? PLACED : {}),
    ...(method !== "GET" || body ? WRITING : {}),
    ...(path.endsWith("/[id]/export") ? { 413: WRITING[413] } : {}),
    ...(tagged && method !== "GET" && method !== "POST"
      ? { 412: "The file changed meanwhile (`If-Match`)" }
      : {}),
    ...(versioning ? REMOTE : {}),
  };
}
