import { expect } from "vitest";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import type { TestDatabase } from "../database";
import { Fleet } from "../fleet";
import { startEngine, type Answer, type Call, type InstanceOptions, type TestInstance } from "../engine";

/** The body of a refusal with this code. */
export const error = (code: string) => expect.objectContaining({ error: code }) as unknown;

interface TestEvent {
  type: string;
  payload: Record<string, unknown>;
  source: Record<string, unknown>;
}

/** A workspace `shop` of a running instance, and what tests ask of it. */
export interface TestWorkspace {
  instance: TestInstance;
  id: string;
  /** Calls a path below the workspace's own. */
  call(method: string, path: string, options?: Call): Promise<Answer>;
  /** Writes a file as text. */
  put(path: string, text: string): Promise<void>;
  /** Stores files as they would lie here after an import by an earlier release, unreadable ones too. */
  seed(files: Record<string, string>): Promise<void>;
  source(path: string): Promise<string>;
  /** The workspace's files but `index.yml` and `security.yml`. */
  paths(): Promise<string[]>;
  detail(): Promise<WorkspaceDetail>;
  /** Its events, oldest first. */
  events(): Promise<TestEvent[]>;
  types(): Promise<string[]>;
}

export async function withWorkspace(
  database: TestDatabase,
  run: (workspace: TestWorkspace) => Promise<void>,
  options: Omit<InstanceOptions, "database"> = {},
): Promise<void> {
  const instance = await startEngine({ database, ...options });
  try {
    const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
    const { id } = created.body as { id: string };
    const call = (method: string, path: string, wish?: Call) =>
      instance.call(method, `/v2/workspaces/${id}${path}`, wish);
    const encoded = (path: string) => `/sources/${path.split("/").map(encodeURIComponent).join("/")}`;
    const events = async () => {
      const { body } = await call("GET", "/events?sort=asc&limit=500");
      return (body as { result: { events: TestEvent[] } }).result.events;
    };
    await run({
      instance,
      id,
      call,
      events,
      types: async () => (await events()).map(({ type }) => type),
      async put(path, text) {
        const { status, text: answer } = await call("PUT", encoded(path), { text });
        expect(status, answer).toBe(200);
      },
      async seed(files) {
        await new Fleet(instance.engine.store).edit(id, files);
      },
      source: async (path) => (await call("GET", encoded(path))).text,
      async paths() {
        const { files } = (await call("GET", "/sources")).body as { files: { path: string }[] };
        return files.map(({ path }) => path).filter((path) => !/^(index|security)\.yml$/.test(path));
      },
      detail: async () => (await call("GET", "")).body as WorkspaceDetail,
    });
  } finally {
    await instance.close();
  }
}
