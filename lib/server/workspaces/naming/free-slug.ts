import { AppError } from "@/lib/domain/error";
import { slugify } from "@/lib/domain/workspace";
import type { Engine } from "../../engine";
import { inTurn } from "../edits/turns";
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
 * Creates something under a slug made of a name, with a number where that one is taken, also when somebody takes it at
 * the same moment. Throws what `create` throws.
 */
export function underFreeSlug<T>(
  engine: Pick<Engine, "store">,
  name: string,
  create: (slug: string) => Promise<T>,
): Promise<T> {
  return inTurn(`slug:${slugify(name)}`, () => createUnderFreeSlug(engine, name, create));
}

async function createUnderFreeSlug<T>(
  engine: Pick<Engine, "store">,
  name: string,
  create: (slug: string) => Promise<T>,
): Promise<T> {
  for (let race = 1; ; race++) {
    try {
      return await create(await freeSlug(engine, name));
    } catch (error) {
      const isTaken = error instanceof AppError && error.code === "SlugAlreadyInUse";
      if (!isTaken || race === RACES) throw error;
    }
  }
}
