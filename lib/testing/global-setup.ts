import { serveTestDatabases } from "./postgres/broker";

declare module "vitest" {
  interface ProvidedContext {
    /** Where a test asks for PostgreSQL, which is started when the first one does. */
    databaseBroker: string;
  }
}

interface Project {
  provide(key: "databaseBroker", value: string): void;
}

/** Runs once before all tests; answers what runs after them. */
export default async function setup(project: Project): Promise<() => Promise<void>> {
  process.env.TZ = "UTC";
  const broker = await serveTestDatabases();
  project.provide("databaseBroker", broker.url);
  return broker.close;
}
