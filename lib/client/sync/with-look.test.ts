import { describe, expect, test } from "vitest";
import type { SyncView } from "@/lib/domain/wire/api";
import { needsLook, withLook } from "./with-look";

const [EARLIER, LATER] = ["2026-01-01T10:00:00.000Z", "2026-01-01T10:05:00.000Z"];

function aView(change: Partial<SyncView>): SyncView {
  return {
    repository: { id: "git", name: "Git", type: "git", mode: "read-write", scope: "workspace", exclude: [] },
    status: "behind",
    targetBranch: "main",
    intermediateBranch: "prismeai/shop/main",
    changes: [],
    updates: null,
    conflicts: [],
    behind: 1,
    checkedAt: EARLIER,
    ...change,
  };
}

const UPDATES: SyncView["updates"] = [{ path: "index.yml", kind: "modified" }];
const [FIRST, SECOND] = [1, 2];
const at = (dataUpdatedAt: number, data: SyncView | undefined) => ({ data, dataUpdatedAt });

describe("What a look at the remote found", () => {
  test("stands while answers without a look come in, with the present changes here", () => {
    const look = aView({ updates: UPDATES });
    const known = aView({ changes: [{ path: "pages/home.yml", kind: "added" }] });
    expect(withLook(at(SECOND, known), at(FIRST, look))).toEqual({ ...known, updates: UPDATES });
  });

  test("is shown as soon as it is there, before the rest is asked for again", () => {
    const look = aView({ status: "diverged", updates: UPDATES, checkedAt: LATER });
    expect(withLook(at(FIRST, aView({})), at(SECOND, look))).toBe(look);
    expect(withLook(at(0, undefined), at(SECOND, look))).toBe(look);
  });

  test("is forgotten after a push, a pull or a detachment", () => {
    const look = at(FIRST, aView({ updates: UPDATES }));
    for (const known of [aView({ status: "synced", checkedAt: LATER }), aView({ checkedAt: undefined })])
      expect(withLook(at(SECOND, known), look)).toBe(known);
  });

  test("is needed by itself only where something waits there", () => {
    expect(needsLook(aView({}))).toBe(true);
    expect(needsLook(aView({ status: "conflict" }))).toBe(true);
    expect(needsLook(aView({ status: "synced" }))).toBe(false);
    expect(needsLook(aView({ updates: [] }))).toBe(false);
    expect(needsLook(undefined)).toBe(false);
  });
});
