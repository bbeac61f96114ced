import type { PlatformView } from "@/lib/domain/wire/api";
import type { Grants } from "../access";
import { platformSummaries } from "../repositories/list";
import type { ReadEngine } from "../workspaces/summary";

/** What the Platform page chooses from; counts only workspaces the viewer may read. */
export async function platformView(engine: ReadEngine, grants: Grants): Promise<PlatformView> {
  const { environment, groups, platformRepositories } = engine.env;
  const members = await Promise.all(
    groups.map(({ labels }) => engine.store.workspaces.find({ anyLabel: labels })),
  );
  return {
    environment,
    groups: groups.map(({ name, labels }, index) => {
      const readable = (members[index] ?? []).filter(({ id }) => grants.may("read", id));
      return {
        name,
        labels,
        workspaces: readable.length,
        dirty: readable.filter(({ dirty }) => dirty).length,
      };
    }),
    repositories: platformSummaries(engine).flatMap((summary) => {
      const repository = platformRepositories.find(({ id }) => id === summary.id);
      if (!repository) return [];
      const { type, branch, dirpath, url } = repository;
      return [{ ...summary, branch, location: type === "filesystem" ? dirpath : url }];
    }),
  };
}
