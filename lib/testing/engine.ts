import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nanoid } from "nanoid";
import { bootstrapAccounts, type Role } from "@/lib/server/access";
import { digest } from "@/lib/server/access/digest";
import { createEngine, type EngineOverrides } from "@/lib/server/compose/create-engine";
import type { Engine } from "@/lib/server/engine";
import { parseEnv } from "@/lib/server/env";
import { createPasswords } from "@/lib/server/passwords";
import { migratedSqlite, type TestDatabase } from "./database";
import { answer } from "./routes";

export const ADMIN = { email: "admin@larkfield.example", password: "correct-horse-battery-staple" };
export const ADMIN_TOKEN = "at:test-bootstrap-token-0123456789";

export interface Call {
  /** A bearer token; null: none. Default: the administrator's. */
  token?: string | null;
  json?: unknown;
  text?: string;
  /** A body as it goes over the wire. */
  bytes?: Uint8Array;
  /** A multipart form. */
  form?: FormData;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The JSON body; undefined where there is none. */
  body: unknown;
  text: string;
}

export interface TestInstance {
  engine: Engine;
  dataDir: string;
  /** Sends a request to the route handler that serves it, and reads the whole answer. */
  call(method: string, path: string, options?: Call): Promise<Answer>;
  /** The same, leaving the body to be read by the caller. */
  request(method: string, path: string, options?: Call): Promise<Response>;
  /** A user with a token of their own; `role` in `workspaceId` when given. */
  user(options?: { email?: string; role?: Role; workspaceId?: string; scopes?: string[] }): Promise<{
    id: string;
    email: string;
    token: string;
  }>;
  /** `graceMs`: what operations get to come to their end; none where a test halted them for good. */
  close(graceMs?: number): Promise<void>;
}

export interface InstanceOptions {
  env?: Record<string, string>;
  /** Default: a SQLite file of its own. */
  database?: Pick<TestDatabase, "url">;
  overrides?: EngineOverrides;
}

// Hundreds of instances start in tests, each with an administrator.
const CHEAP = { N: 2 ** 10, r: 8, p: 1 };

const shared = globalThis as typeof globalThis & { switchyardEngine?: Promise<Engine> | undefined };

function toRequest(
  method: string,
  path: string,
  { token = ADMIN_TOKEN, json, text, bytes, form, headers, signal }: Call,
): Request {
  const body = form ?? (bytes && Buffer.from(bytes)) ?? (json === undefined ? text : JSON.stringify(json));
  return new Request(`http://localhost:3000${path}`, {
    method,
    ...(body === undefined ? {} : { body }),
    ...(signal ? { signal } : {}),
    headers: {
      host: "localhost:3000",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
  });
}

/** A whole server process but for the socket: real database, real git, requests to the exported handlers. */
export async function startEngine(options: InstanceOptions = {}): Promise<TestInstance> {
  const dataDir = await mkdtemp(join(tmpdir(), "switchyard-engine-"));
  const env = parseEnv({
    SWITCHYARD_DATA_DIR: dataDir,
    SWITCHYARD_DEMO: "false",
    SWITCHYARD_BOOTSTRAP_EMAIL: ADMIN.email,
    SWITCHYARD_BOOTSTRAP_PASSWORD: ADMIN.password,
    SWITCHYARD_BOOTSTRAP_TOKEN: ADMIN_TOKEN,
    LOG_LEVEL: "error",
    ...(options.database ? { DATABASE_URL: options.database.url } : {}),
    ...options.env,
  });
  if (env.databaseUrl === `file:${join(dataDir, "switchyard.db")}`)
    await migratedSqlite(join(dataDir, "switchyard.db"));
  const engine = await createEngine(env, { passwords: createPasswords(CHEAP), ...options.overrides });
  await bootstrapAccounts(engine);

  const request = (method: string, path: string, call: Call = {}) => {
    // Several instances may live in one test; a handler takes whichever is the process's own at that moment.
    shared.switchyardEngine = Promise.resolve(engine);
    return answer(toRequest(method, path, call));
  };
  return {
    engine,
    dataDir,
    request,
    async call(method, path, call) {
      const response = await request(method, path, call);
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
      return {
        status: response.status,
        headers: response.headers,
        body: isJson && text !== "" ? (JSON.parse(text) as unknown) : undefined,
        text,
      };
    },
    user: (wish = {}) => newUser(engine, wish),
    async close(graceMs = 2000) {
      await engine.close(graceMs);
      delete shared.switchyardEngine;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function newUser(
  engine: Engine,
  { email, role, workspaceId, scopes = ["*"] }: NonNullable<Parameters<TestInstance["user"]>[0]>,
) {
  const { accounts } = engine.store;
  const id = nanoid();
  const user = await accounts.createUser({
    id,
    email: email ?? `${id.toLowerCase()}@larkfield.example`,
    firstName: "Ada",
    lastName: "Larkfield",
    passwordHash: null,
    superAdmin: false,
  });
  if (role && workspaceId)
    await accounts.bind({
      id: nanoid(),
      subjectKind: "user",
      subject: id,
      scopeKind: "workspace",
      scope: workspaceId,
      role,
      createdBy: id,
    });
  const token = `at:${nanoid(40)}`;
  await accounts.createAccessToken({
    id: nanoid(),
    userId: id,
    name: "test",
    scopes,
    createdAt: new Date().toISOString(),
    expiresAt: null,
    lastUsedAt: null,
    hash: digest(token),
  });
  return { id, email: user.email, token };
}
