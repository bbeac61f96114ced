import { z } from "zod";
import type { Engine } from "../engine";

type ConflictEngine = Pick<Engine, "store">;

const Files = z.array(z.object({ path: z.string(), kind: z.string() }));

/** How far back the pull that met the conflict may lie: nothing but looks happens to a locked workspace. */
const RECENT = 20;

/** The files of the conflict that a pull met, as that pull named them; none where it is not remembered. */
export async function standingConflict(
  engine: ConflictEngine,
  workspaceId: string,
  repositoryId: string,
): Promise<z.infer<typeof Files>> {
  const pulls = await engine.store.operations.list({ workspaceId, kind: "pull", page: 0, limit: RECENT });
  for (const { repositoryId: from, errors } of pulls) {
    const conflict = errors.find(({ error }) => error === "MergeConflict");
    if (from !== repositoryId || !conflict) continue;
    const files = Files.safeParse(conflict.details?.["files"]);
    return files.success ? files.data : [];
  }
  return [];
}
