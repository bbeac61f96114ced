import { describe, expect, test } from "vitest";
import { addEvent, EMPTY_VIEW, errorsOf, isCompletion, tally, type OperationEvent } from "./operation-view";

const workspace = (slug: string, status: string) => ({ slug, workspaceId: `id-${slug}`, name: slug, status });

const STARTED: OperationEvent = {
  type: "workspaces.bulkPush.started",
  payload: {
    repositoryId: "main",
    groups: ["base"],
    workspaces: [
      workspace("shop", "candidate"),
      workspace("desk", "candidate"),
      workspace("wiki", "alreadyPushed"),
    ],
  },
};
const STEP: OperationEvent = {
  type: "workspaces.versions.progress",
  payload: {
    workspaceId: "id-shop",
    operation: "push",
    step: "push:merge",
    message: "Merging into main",
    startedAt: "2026-11-22T12:00:00Z",
    stepDuration: 12,
    branch: "main",
  },
};
const PUSHED: OperationEvent = {
  type: "workspaces.bulkPush.progress",
  payload: {
    workspaceId: "id-shop",
    workspaceSlug: "shop",
    workspaceName: "shop",
    status: "pushed",
    current: 1,
    total: 2,
    duration: 40,
    errors: [],
  },
};
const FAILED: OperationEvent = {
  type: "workspaces.bulkPush.progress",
  payload: {
    ...PUSHED.payload,
    workspaceId: "id-desk",
    workspaceSlug: "desk",
    workspaceName: "desk",
    status: "error",
    current: 2,
    errors: [{ error: "RemoteAhead", message: "Pull first.", details: { behind: 2 } }],
  },
};

const replay = (...events: OperationEvent[]) => events.reduce(addEvent, EMPTY_VIEW);

describe("The page of an operation is built from its events", () => {
  test("Every workspace has a row from the start, those left out as well", () => {
    expect(replay(STARTED).rows.map(({ slug, state }) => [slug, state])).toEqual([
      ["shop", "waiting"],
      ["desk", "waiting"],
      ["wiki", "skipped"],
    ]);
  });

  test("A step shows on the row of its workspace only", () => {
    const { rows, steps } = replay(STARTED, STEP);
    expect(rows.map(({ state, step }) => [state, step])).toEqual([
      ["running", "push:merge"],
      ["waiting", undefined],
      ["skipped", undefined],
    ]);
    expect(steps).toEqual([]);
  });

  test("The same events give the same page, however often they are replayed", () => {
    const once = replay(STARTED, STEP, PUSHED, FAILED);
    expect([STARTED, STEP, PUSHED, FAILED].reduce(addEvent, once)).toEqual(once);
  });

  test("What is left out does not count as something to do", () => {
    expect(tally(replay(STARTED, PUSHED)).text).toBe("1 of 2");
    expect(tally(replay(STARTED, PUSHED, FAILED)).text).toBe("2 of 2, 1 failed");
  });

  test("A failed row carries its error with its details", () => {
    const row = replay(STARTED, FAILED).rows.find(({ slug }) => slug === "desk");
    expect(row?.errors).toEqual([{ error: "RemoteAhead", message: "Pull first.", details: { behind: 2 } }]);
  });

  test("The completed payload fills in rows that no progress told of", () => {
    const view = replay({
      type: "workspaces.bulkImport.completed",
      payload: {
        errors: [],
        workspaces: [{ ...workspace("new", "imported"), importedFilesCount: 4, duration: 9 }],
      },
    });
    expect(view.rows[0]).toMatchObject({ slug: "new", state: "done", importedFiles: 4, duration: 9 });
    expect(view.completed).toBeDefined();
  });

  test("Folders without an id, or with the same one, keep a row each, which knows the workspace's slug here", () => {
    const row = (slug: string, more: object) => ({
      slug,
      workspaceId: "",
      name: slug,
      status: "create",
      ...more,
    });
    const view = replay(
      {
        type: "workspaces.bulkImport.started",
        payload: { workspaces: [row("one", {}), row("two", {}), row("copy", { workspaceId: "id-2" })] },
      },
      {
        type: "workspaces.bulkImport.progress",
        payload: { workspaceSlug: "two", workspaceId: "id-2", status: "imported", importedAs: "my-app" },
      },
    );
    expect(view.rows.map(({ slug, state, importedAs }) => [slug, state, importedAs])).toEqual([
      ["one", "waiting", undefined],
      ["two", "done", "my-app"],
      ["copy", "waiting", undefined],
    ]);
  });

  test("The steps of a single push are its story", () => {
    expect(replay(STEP).steps.map(({ step }) => step)).toEqual(["push:merge"]);
  });

  test("Only the last event of an operation ends it", () => {
    const types = ["operation.completed", "workspaces.bulkPush.completed", "workspaces.versions.published"];
    expect(types.map(isCompletion)).toEqual([true, true, false]);
  });

  test("Errors are read in either of their published shapes", () => {
    expect(
      errorsOf([
        { err: "SlugAlreadyInUse", msg: "Taken." },
        { error: "Internal", message: "Broke." },
      ]),
    ).toEqual([
      { error: "SlugAlreadyInUse", message: "Taken." },
      { error: "Internal", message: "Broke." },
    ]);
  });
});
