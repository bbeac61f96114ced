import { partsOf, type Endpoint } from "@/lib/contract/endpoint";

export function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "" && word !== "v2");
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join(
    "",
  );
}

const ALWAYS = { 400: "Bad input", 429: "Too many requests", 500: "Something broke inside" };
const SIGNED = { 401: "Not signed in" };
const LIMITED = { 403: "Not permitted" };
const PLACED = { 404: "Not found, or not visible to the caller" };
const WRITING = {
  409: "In conflict with the current state",
  413: "Too large",
  422: "Content that cannot be read",
  423: "Locked",
};
const REMOTE = { 502: "The remote repository failed" };

/** The statuses an operation may fail with, and what each means. */
export function failuresOf({ access, body, fails, method, path, tagged }: Endpoint): Record<string, string> {
  return {
    ...ALWAYS,
    ...(access === "public" ? {} : { ...SIGNED, ...LIMITED }),
    ...(partsOf(path).length > 0 ? PLACED : {}),
    ...(method !== "GET" || body ? WRITING : {}),
    ...(path.endsWith("/[id]/export") ? { 413: WRITING[413] } : {}),
    ...(tagged && method !== "GET" && method !== "POST"
      ? { 412: "Somebody else changed the file (`If-Match`)" }
      : {}),
    ...(fails?.includes(502) ? REMOTE : {}),
  };
}
