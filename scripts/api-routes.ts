// Writes the list of the API's route files that the OpenAPI document is made from: `npx tsx scripts/api-routes.ts`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { routeRegistry } from "./lib/route-registry";

const FILE = join(process.cwd(), "app", "v2", "openapi.json", "routes.ts");

async function main(): Promise<void> {
  const options = await resolveConfig(FILE);
  writeFileSync(FILE, await format(routeRegistry(), { ...options, filepath: FILE }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
