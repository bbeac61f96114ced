import { readdirSync } from "node:fs";
import { dirname, join, sep } from "node:path";

const API = join(process.cwd(), "app", "v2");

// Paths that answer "not found".
const LEFT_OUT = new Set(["[[...path]]"]);

/** The source of the module that names every route file of the API, in the order of their paths. */
export function routeRegistry(): string {
  const folders = readdirSync(API, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(`${sep}route.ts`))
    .map((file) => dirname(file).split(sep).join("/"))
    .filter((folder) => !LEFT_OUT.has(folder))
    .sort();
  const names = folders.map((folder) => `at_${folder.replace(/[^A-Za-z0-9]+/g, "_").replace(/_$/, "")}`);
  const imports = folders.map(
    (folder, index) => `import * as ${names[index] ?? ""} from "@/app/v2/${folder}/route";`,
  );
  const rows = folders.map((folder, index) => `{ path: "/v2/${folder}", handlers: ${names[index] ?? ""} },`);
  return `import type { RouteModule } from "@/lib/http/openapi/document";
${imports.join("\n")}

/** Every route of the API; written by \`npx tsx scripts/api-routes.ts\` whenever one is added. */
export const ROUTES: readonly RouteModule[] = [
${rows.join("\n")}
];
`;
}
