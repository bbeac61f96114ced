import { afterEach, beforeEach } from "vitest";
import { AppError } from "@/lib/domain/error";
import type { Event } from "@/lib/domain/event";
import { followOperation } from "@/lib/server/operations/follow";
import type { OperationEnd, OperationRequest } from "@/lib/server/runner";
import { systemViewer, type Viewer } from "@/lib/server/viewer";
import type { TestDatabase } from "../database";
import { startEngine, type TestInstance } from "../engine";
import { gitServer, type GitServer, type TestRepository } from "../git/git-server";
import { aNewWorkspace, contentsOf } from "../store-builders";

const PREFIX = "WORKSPACES_STORAGE_GIT_PLATFORM_company_";
export const PASSWORD = "canary-password-1234";
const TIMES = { renewMs: 50, heartbeatMs: 50, cancelPollMs: 50 };
export const DONE: OperationEnd = { outcome: "succeeded", result: {}, errors: [] };

export const viewer: Viewer = systemViewer("user", "correlation-1");

export let server: GitServer;
export let remote: TestRepository;
let instance: TestInstance;
export const engine = () => instance.engine;

/** Gives every test an instance with the workspaces `shop` and `desk` and one served repository. */
export function serveOperations(database: TestDatabase): void {
  beforeEach(async () => {
    server = await gitServer({ user: "ci", password: PASSWORD });
    remote = await server.repository("fleet");
    instance = await startEngine({
      database,
      env: {
        [`${PREFIX}URL`]: remote.url,
        [`${PREFIX}DIRPATH`]: "workspaces",
        [`${PREFIX}AUTH_USER`]: "ci",
        [`${PREFIX}AUTH_PASSWORD`]: PASSWORD,
        WORKSPACES_STORAGE_GIT_PLATFORM_frozen_URL: remote.url,
        WORKSPACES_STORAGE_GIT_PLATFORM_frozen_MODE: "read-only",
        WORKSPACES_STORAGE_GIT_PLATFORM_intake_URL: remote.url,
        WORKSPACES_STORAGE_GIT_PLATFORM_intake_MODE: "write-only",
        WORKSPACES_GROUP_base_LABELS: "base",
        LOG_LEVEL: "silent",
      },
      overrides: { runnerTimes: TIMES },
    });
    const { workspaces } = engine().store;
    for (const id of ["shop", "desk"]) {
      await workspaces.create(
        aNewWorkspace(id, {
          slug: id,
          labels: ["base"],
          contents: contentsOf({
            "index.yml": `name: ${id}\nslug: ${id}\n`,
            "pages/home.yml": "name: Home\n",
          }),
        }),
      );
    }
  });

  afterEach(async () => {
    await instance.close();
    await server.close();
  });
}

/** An operation that works until it is told to end. */
export function openEnded(workspaceId = "shop") {
  let end: (end: OperationEnd) => void = () => undefined;
  const request: OperationRequest = {
    kind: "pull",
    workspaceId,
    repositoryId: "company",
    input: {},
    purpose: "pull",
    work: (ports) =>
      Promise.race([
        aborted(ports.signal),
        new Promise<OperationEnd>((resolve) => {
          end = resolve;
        }),
      ]),
  };
  return { request, end: (how: OperationEnd = DONE) => end(how) };
}

/** Throws the signal's reason as soon as it is aborted. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason as Error);
    if (signal.aborted) end();
    signal.addEventListener("abort", end);
  });
}

export async function streamOf(operationId: string, after?: string): Promise<Event[]> {
  const events: Event[] = [];
  const signal = AbortSignal.timeout(30_000);
  const options = { signal, ...(after === undefined ? {} : { after }) };
  for await (const event of followOperation(engine(), operationId, options)) events.push(event);
  return events;
}

export async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error("Expected to be refused.");
  return error;
}

export const lockOf = async (id: string) => (await engine().store.locks.current([id])).get(id);
