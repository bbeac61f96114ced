import type { Lease } from "../ports";
import { settleLate } from "../push/late";
import { manifestFacts } from "../push/manifest";
import { categorize } from "./categorize";
import type { ChunkContext, Item } from "./context";

/** Records pushes that arrived late; who has nothing new since ends here. */
export async function withoutLate(
  context: ChunkContext,
  items: readonly Item[],
  leases: ReadonlyMap<string, Lease>,
): Promise<readonly Item[]> {
  const { ports, session, repository, attempts, force } = context;
  if (attempts.length === 0 || items.length === 0) return items;
  const ids = items.map(({ snapshot }) => snapshot.record.id);
  const before = await ports.workspaces.states(repository.id, ids);
  const { recorded, states } = await settleLate(ports, session, { attempts, ids, states: before, leases });
  if (recorded.length === 0) return items;
  const late = new Set(recorded.map(({ workspaceId }) => workspaceId));
  const facts = await manifestFacts(
    ports,
    items.flatMap(({ snapshot }) => (late.has(snapshot.record.id) ? [snapshot] : [])),
  );
  return items.filter(({ snapshot: { record } }) => {
    if (!late.has(record.id)) return true;
    const known = { repository, state: states.get(record.id), lock: undefined, force };
    const { status } = categorize(record, { ...known, manifestKey: facts.get(record.id)?.key });
    if (status === "candidate") return true;
    context.done++;
    context.ledger.set(record, status, { reason: "An earlier push of it arrived at the remote late." });
    return false;
  });
}
