import { setTimeout as sleep } from "node:timers/promises";
import { nanoid } from "nanoid";
import { AppError } from "@/lib/domain/error";
import type { Operation } from "@/lib/domain/operation";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import { waitFor } from "../operations/follow";
import { startBulkPush } from "../operations/start-bulk";
import { startNativeVersion, startPull, startPush, startRollback } from "../operations/start";
import type { Started } from "../runner";
import { syncView } from "../versions/sync";
import { systemViewer, type Viewer } from "../viewer";
import { createDemoWorkspace, demoSlugs, editDemoWorkspaces } from "./content";
import { DEMO_REPOSITORY_ID } from "./environment";
import { DEMO_GROUPS, LOCAL_EDITS, REMOTE_EDITS, SECOND_RELEASE } from "./fleet";
import { commitOnRemote, createDemoRemote } from "./remote";

type SeedEngine = Pick<Engine, "env" | "store" | "log" | "redactor" | "masterKey" | "instanceId" | "runner">;

const JOB = "demo";
// Longer than any step; renewed before each.
const LEASE_MS = 60_000;
const LOOK_AGAIN_MS = 2000;
const LONGEST_OPERATION_MS = 45_000;

interface Seed {
  engine: SeedEngine;
  viewer: Viewer;
}

async function demoViewer(engine: SeedEngine): Promise<Viewer> {
  const viewer = systemViewer("startup", `demo-${nanoid(10)}`);
  const admin = await engine.store.accounts.userByEmail(engine.env.bootstrap.email.trim().toLowerCase());
  if (!admin) return viewer;
  const { id, email, firstName, lastName, superAdmin } = admin;
  return { ...viewer, user: { id, email, firstName, lastName, superAdmin } };
}

/** Waits for the end of an operation. */
async function ended(engine: SeedEngine, starting: Promise<Started>): Promise<Operation> {
  const { operationId } = await starting;
  const operation = await waitFor(engine, operationId, LONGEST_OPERATION_MS);
  if (operation) return operation;
  throw new AppError("Unavailable", "An operation of the demo takes too long.", { operationId });
}

async function succeeded(engine: SeedEngine, starting: Promise<Started>): Promise<void> {
  const { id, outcome, errors } = await ended(engine, starting);
  if (outcome === "succeeded") return;
  throw new AppError("Internal", "An operation of the demo did not succeed.", { id, outcome, errors });
}

async function workspaceOf(engine: SeedEngine, slug: string): Promise<WorkspaceRecord> {
  const workspace = await engine.store.workspaces.getBySlug(slug);
  if (workspace) return workspace;
  throw new AppError("NotFound", `The demo's ${slug} is gone.`, { slug });
}

async function idOf(engine: SeedEngine, slug: string): Promise<string> {
  return (await workspaceOf(engine, slug)).id;
}

async function createFleet({ engine, viewer }: Seed): Promise<void> {
  await createDemoRemote(engine.env);
  for (const slug of await demoSlugs()) await createDemoWorkspace(engine, viewer, slug, SECOND_RELEASE);
}

function release(name: string, description: string) {
  return ({ engine, viewer }: Seed) =>
    succeeded(
      engine,
      startBulkPush(engine, viewer, {
        groups: DEMO_GROUPS.map((group) => group.name),
        repository: { id: DEMO_REPOSITORY_ID },
        name,
        description,
      }),
    );
}

async function workLocally({ engine, viewer }: Seed): Promise<void> {
  await editDemoWorkspaces(engine, viewer, LOCAL_EDITS);
  await succeeded(
    engine,
    startNativeVersion(engine, viewer, await idOf(engine, "it-helpdesk"), {
      name: "before-equipment",
      description: "Before the page for ordering equipment",
    }),
  );
  await succeeded(
    engine,
    startRollback(engine, viewer, await idOf(engine, "analytics-dashboard"), {
      repositoryId: DEMO_REPOSITORY_ID,
      version: "v2.2.0",
      reason: "The warning came too early",
    }),
  );
}

async function publishFix({ engine, viewer }: Seed): Promise<void> {
  await editDemoWorkspaces(engine, viewer, [
    {
      slug: "invoice-extraction",
      path: "index.yml",
      before: "    vatRates: [0, 5.5, 7, 19, 20]\n",
      after: "    vatRates: [0, 2.1, 5.5, 7, 19, 20]\n",
    },
  ]);
  await succeeded(
    engine,
    startPush(engine, viewer, await idOf(engine, "invoice-extraction"), {
      repositoryId: DEMO_REPOSITORY_ID,
      name: "v2.3.1",
      description: "Add the reduced rate for newspapers",
    }),
  );
}

/** What colleagues pushed; a look at the remote afterwards makes the fleet show who is behind. */
async function workElsewhere({ engine, viewer }: Seed): Promise<void> {
  for (const edit of REMOTE_EDITS) await commitOnRemote(engine.env, edit);
  const workspace = await workspaceOf(engine, "meeting-notes");
  await syncView(engine, viewer, workspace, { repositoryId: DEMO_REPOSITORY_ID, check: true });
}

/** Both sides changed the same line, so this pull ends in a conflict and leaves the lock that the demo shows. */
async function meetConflict({ engine, viewer }: Seed): Promise<void> {
  await ended(
    engine,
    startPull(engine, viewer, await idOf(engine, "sales-assistant"), {
      repositoryId: DEMO_REPOSITORY_ID,
      versionId: "latest",
    }),
  );
}

const STEPS: readonly { name: string; run: (seed: Seed) => Promise<void> }[] = [
  { name: "fleet", run: createFleet },
  { name: "first-release", run: release("v2.2.0", "September release") },
  { name: "second-edits", run: ({ engine, viewer }) => editDemoWorkspaces(engine, viewer, SECOND_RELEASE) },
  { name: "second-release", run: release("v2.3.0", "October release: shorter waiting times") },
  { name: "fix", run: publishFix },
  { name: "local-work", run: workLocally },
  { name: "remote-work", run: workElsewhere },
  { name: "conflict", run: meetConflict },
];

async function runStep(seed: Seed, step: (typeof STEPS)[number]): Promise<void> {
  const { jobs } = seed.engine.store;
  const done = `demo.${step.name}`;
  if (await jobs.setting(done)) return;
  try {
    await step.run(seed);
  } catch (error) {
    // A start that was cut off left part of a step behind; what the rest needs is there or is skipped as well.
    if (!(error instanceof AppError)) throw error;
    seed.engine.log.warn({ step: step.name, error: error.toBody() }, "A step of the demo was left out.");
  }
  await jobs.settleSetting(done, true);
}

/**
 * Fills a demo instance through the operations that everyone uses: a fleet with two releases in a local git
 * repository, unpushed work, a workspace behind its remote and a merge conflict. Each step runs once in the life
 * of the database; a start that was cut off is continued.
 */
export async function seedDemo(engine: SeedEngine, signal?: AbortSignal): Promise<void> {
  const { jobs } = engine.store;
  const owner = engine.instanceId;
  const seed = { engine, viewer: await demoViewer(engine) };
  try {
    for (const step of STEPS) {
      // Another process may be at it, or may have died over it: its lease ends soon.
      while (!(await jobs.acquire(JOB, owner, LEASE_MS))) {
        if (signal?.aborted) return;
        await sleep(LOOK_AGAIN_MS);
      }
      if (signal?.aborted) return;
      await runStep(seed, step);
    }
  } finally {
    await jobs.release(JOB, owner);
  }
}

/** `seedDemo` beside a server that already serves: what goes wrong is logged, the server stays. */
export async function seedDemoInBackground(engine: SeedEngine, signal: AbortSignal): Promise<void> {
  try {
    await seedDemo(engine, signal);
  } catch (error) {
    // A process that ends takes the database away; the next start goes on with the step that was cut off.
    if (!signal.aborted) engine.log.error({ err: error }, "The demo could not be completed");
  }
}
