import { readdirSync } from "node:fs";
import type { RouteHandler } from "@/lib/http/context";
import type { Method } from "@/lib/contract/endpoint";
import { METHODS } from "@/lib/contract/endpoint";
import { join, relative, sep } from "node:path";

interface RouteFile {
  /** `/v2/workspaces/[id]`. */
  path: string;
  file: string;
  segments: string[];
}

const APP = join(process.cwd(), "app");

let known: RouteFile[] | null = null;
const loaded = new Map<string, Promise<Record<string, unknown>>>();

/** A route file's exports. A loader that translates TypeScript would ask another thread for each import anew. */
function load(file: string): Promise<Record<string, unknown>> {
  const exported = loaded.get(file) ?? (import(/* @vite-ignore */ file) as Promise<Record<string, unknown>>);
  loaded.set(file, exported);
  return exported;
}

function routeFiles(): RouteFile[] {
  return (known ??= readRouteFiles());
}

function readRouteFiles(): RouteFile[] {
  return readdirSync(join(APP, "v2"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("route.ts"))
    .map((file) => {
      const full = join(APP, "v2", file);
      const segments = relative(APP, full).split(sep).slice(0, -1);
      return { path: `/${segments.join("/")}`, file: full, segments };
    });
}

// As Next does: a fixed segment before a parameter, a parameter before the rest of the path.
function rank(segments: readonly string[]): string {
  return segments
    .map((part) =>
      part.startsWith("[[") ? "3" : part.startsWith("[...") ? "2" : part.startsWith("[") ? "1" : "0",
    )
    .join("");
}

function match(
  segments: readonly string[],
  path: readonly string[],
): Record<string, string | string[]> | null {
  const params: Record<string, string | string[]> = {};
  for (const [index, part] of segments.entries()) {
    if (part.startsWith("[[...")) {
      if (path.length > index) params[part.slice(5, -2)] = path.slice(index);
      return params;
    }
    if (part.startsWith("[...")) {
      params[part.slice(4, -1)] = path.slice(index);
      return path.length > index ? params : null;
    }
    const given = path[index];
    if (given === undefined) return null;
    if (part.startsWith("[")) params[part.slice(1, -1)] = given;
    else if (part !== given) return null;
  }
  return segments.length === path.length ? params : null;
}

function isRefusal(handler: unknown): boolean {
  return typeof handler === "function" && (handler as Partial<RouteHandler>).refuses === true;
}

/** Every route file of the API with what it exports. */
export async function everyRouteFile(): Promise<{ path: string; exported: Record<string, unknown> }[]> {
  const found = [];
  for (const { path, file } of routeFiles()) found.push({ path, exported: await load(file) });
  return found;
}

/** Every handler of the API with its path, as the files export them, but for those of methods that a path lacks. */
export async function everyRoute(): Promise<{ path: string; method: Method; handler: unknown }[]> {
  return (await everyRouteFile()).flatMap(({ path, exported }) =>
    METHODS.flatMap((method) => {
      const handler = exported[method];
      return handler === undefined || isRefusal(handler) ? [] : [{ path, method, handler }];
    }),
  );
}

/** Answers a request with the handler that Next would choose for it. */
export async function answer(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.slice(1).split("/").map(decodeURIComponent);
  const [best] = routeFiles()
    .flatMap((route) => {
      const params = match(route.segments, path);
      return params ? [{ ...route, params }] : [];
    })
    .sort((a, b) => rank(a.segments).localeCompare(rank(b.segments)));
  if (!best) return new Response(null, { status: 404 });
  const exported = (await load(best.file)) as Record<string, RouteHandler | undefined>;
  const handler = exported[request.method === "HEAD" ? "GET" : request.method];
  if (!handler) return new Response(null, { status: 405 });
  // Next gives a path without a variable part no parameters at all, though its types promise some.
  const params = Object.keys(best.params).length > 0 ? best.params : undefined;
  return handler(request, { params: Promise.resolve(params) as Promise<Record<string, string | string[]>> });
}
