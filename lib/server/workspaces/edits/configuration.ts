import { own } from "@/lib/domain/own";
import { isDeepStrictEqual } from "node:util";
import { isFields, type Fields } from "@/lib/archive/edit/edit-text";
import type { Engine } from "../../engine";
import { suppliedFor } from "../../env";
import { refuseIssues, validateConfig } from "../../forms/validate";

/** What the environment supplies to a workspace's configuration. */
export function suppliedConfig(engine: Pick<Engine, "env">, slug: string): Fields {
  const own = engine.env.configValues.filter((supplied) => suppliedFor(supplied.slug, slug));
  return Object.fromEntries(own.map(({ name, value }) => [name, value]));
}

function partsOf(config: unknown): { schema: Fields | undefined; value: Fields } {
  const { schema, value } = isFields(config) ? config : {};
  return { schema: isFields(schema) ? schema : undefined, value: isFields(value) ? value : {} };
}

/** Holds the values of `index.yml` that changed against their schema, whichever way they came. Throws InvalidRequest. */
export function checkConfiguration(
  engine: Pick<Engine, "env">,
  slug: string,
  before: unknown,
  after: unknown,
): void {
  if (isDeepStrictEqual(before, after)) return;
  const old = partsOf(before).value;
  const { schema, value } = partsOf(after);
  if (!schema) return;
  const changed = Object.keys({ ...old, ...value }).filter(
    (name) => !isDeepStrictEqual(own(old, name), own(value, name)),
  );
  refuseIssues(
    "config.value",
    validateConfig(schema, { ...suppliedConfig(engine, slug), ...value }),
    changed,
  );
}
