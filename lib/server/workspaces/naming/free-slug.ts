import { slugify } from "@/lib/domain/workspace";
import type { Engine } from "../../engine";
import { newWorkspaceId } from "./new-id";

/** A slug made of a name, with a number where that one is taken. */
export async function freeSlug(engine: Pick<Engine, "store">, name: string): Promise<string> {
  const wish = slugify(name);
  for (let number = 1; number < 100; number++) {
    const slug = number === 1 ? wish : `${wish}-${String(number)}`;
    if (!(await engine.store.workspaces.getBySlug(slug))) return slug;
  }
  return `${wish}-${newWorkspaceId().toLowerCase()}`;
}
