import type { Store } from "@/lib/store";
import type { Lease, WorkspaceWrite } from "@/lib/versioning/ports";
import type { TestDatabase } from "../database";
import { aNewWorkspace, contentsOf } from "../store-builders";

export function aChange(workspaceId: string, differs: Partial<WorkspaceWrite> = {}): WorkspaceWrite {
  return { workspaceId, guard: {}, userId: "bob", events: [], ...differs };
}

export async function leaseOf(store: Store, workspaceId: string, operationId = "op1"): Promise<Lease> {
  const { leases } = await store.locks.acquire({
    workspaceIds: [workspaceId],
    purpose: "push",
    operationId,
    userId: "ada",
  });
  const lease = leases.get(workspaceId);
  if (!lease) throw new Error("The lock was refused.");
  return lease;
}

export const edited = contentsOf({ "index.yml": "id: shop\nname: Shop\n", "pages/home.yml": "slug: home\n" });

/** A store that holds the workspaces `shop` and `blog`. */
export async function openShop(database: TestDatabase): Promise<Store> {
  const store = await database.open();
  await store.workspaces.create(aNewWorkspace("shop", { slug: "shop", labels: ["b", "a"] }));
  await store.workspaces.create(aNewWorkspace("blog", { slug: "blog" }));
  return store;
}
