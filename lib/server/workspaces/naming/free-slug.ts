import { AppError } from "@/lib/domain/error";
import { slugify } from "@/lib/domain/workspace";
import type { Engine } from "../../engine";
import { inTurn } from "./in-turn";
import { newWorkspaceId } from "./new-id";

const RACES = 10;

async function freeSlug(engine: Pick<Engine, "store">, name: string): Promise<string> {
  const wish = slugify(name);
  for (let number = 1; number < 100; number++) {
    const slug = number === 1 ? wish : `${wish}-${String(number)}`;
    if (!(await engine.store.workspaces.getBySlug(slug))) return slug;
  }
  return `${wish}-${newWorkspaceId().toLowerCase()}`;
}

/**
 * Creates something that looks for a free slug first, and looks again when somebody took that at the same moment.
 * `wish` is the slug or name that it would like. Throws what `create` throws.
 */
export function takingFreeSlug<T>(wish: string, create: () => Promise<T>): Promise<T> {
  return inTurn(`slug:${slugify(wish)}`, async () => {
    for (let race = 1; ; race++) {
      try {
        return await create();
      } catch (error) {
        const isTaken = error instanceof AppError && error.code === "SlugAlreadyInUse";
        if (!isTaken || race === RACES) throw error;
      }
    }
  });
}

/** Creates something under a slug made of a name, with a number where that one is taken. Throws what `create` throws. */
export function underFreeSlug<T>(
  engine: Pick<Engine, "store">,
  name: string,
  create: (slug: string) => Promise<T>,
): Promise<T> {
  return takingFreeSlug(name, async () => create(await freeSlug(engine, name)));
}
