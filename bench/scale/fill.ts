import { contentsOf, aState } from "@/lib/testing/store-builders";
import type { NewWorkspace } from "@/lib/versioning/ports";
import type { Store } from "@/lib/store";
import { anEvent } from "./content";

const EVENTS_AT_ONCE = 2000;
const WORKSPACES_AT_ONCE = 200;
const NAMES = "Orders Billing Support Returns Catalogue Search Payroll Travel Claims Onboarding".split(" ");

function aWorkspace(number: number): NewWorkspace {
  const id = `w${String(number)}`;
  const contents = contentsOf({
    "index.yml": `id: ${id}\nname: Workspace ${String(number)}\n`,
    "pages/home.yml": "slug: home\nname: Home\n",
  });
  const isPushed = number % 3 !== 0;
  const behind = number % 11 === 0 ? 2 : 0;
  return {
    id,
    name: `${NAMES[number % NAMES.length] ?? ""} ${String(number)}`,
    slug: `bench-${String(number).padStart(5, "0")}`,
    description: "A workspace of the measurement.",
    labels: [`team:${String(number % 40)}`, ...(number % 2 === 0 ? ["group:even"] : ["group:odd"])],
    userId: `user${String(number % 500)}`,
    contents,
    ...(isPushed
      ? {
          record: {
            syncedTree: contents.tree,
            state: aState(id, contents.tree, {
              repositoryId: "production",
              behind,
              status: behind ? "behind" : "synced",
            }),
          },
        }
      : {}),
    events: [],
  };
}

async function fillWorkspaces(store: Store, count: number): Promise<void> {
  for (let done = 0; done < count; done += WORKSPACES_AT_ONCE) {
    const part = Array.from({ length: Math.min(WORKSPACES_AT_ONCE, count - done) }, (_, n) =>
      aWorkspace(done + n),
    );
    await store.workspaces.createAll(part);
    for (const { id } of part)
      if (Number(id.slice(1)) % 100 === 7)
        await store.locks.set(id, { reason: "Under review", userId: "user1", events: [] });
  }
}

/** Fills the database, events last, and answers how many seconds the events took. */
export async function fill(
  store: Store,
  workspaces: number,
  events: number,
  tick: () => void,
): Promise<number> {
  await fillWorkspaces(store, workspaces);
  const begin = performance.now();
  for (let done = 0; done < events; done += EVENTS_AT_ONCE) {
    tick();
    const size = Math.min(EVENTS_AT_ONCE, events - done);
    await store.events.append(Array.from({ length: size }, (_, n) => anEvent(done + n, workspaces)));
  }
  return (performance.now() - begin) / 1000;
}
