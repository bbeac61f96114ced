import { isDeepStrictEqual } from "node:util";
import { isFields, type Fields } from "@/lib/archive/edit/edit-text";
import type { ConfigInput, ConfigView } from "@/lib/domain/wire/contents";
import { effectiveConfig } from "@/lib/domain/form/effective";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../../engine";
import { refuseIssues, validateConfig } from "../../forms/validate";
import { knownSecrets } from "../../secrets/secrets";
import type { Viewer } from "../../viewer";
import { suppliedConfig } from "../edits/configuration";
import { merged } from "./change";
import type { Conditions } from "../edits/sources";
import { changeSingle, readSingle, type FileView } from "./index-file";

type ConfigEngine = Pick<Engine, "store" | "env" | "masterKey" | "redactor">;

const HIDDEN = "[redacted]";

interface Stored {
  schema: Fields | undefined;
  block: string | undefined;
  value: Fields;
}

function storedConfig(index: Fields): Stored {
  const config = isFields(index.config) ? index.config : {};
  return {
    schema: isFields(config.schema) ? config.schema : undefined,
    block: typeof config.block === "string" ? config.block : undefined,
    value: isFields(config.value) ? config.value : {},
  };
}

/**
 * The configuration as it stands in `index.yml`, or with `effective` as it counts: the environment's values beneath
 * the stored ones, references filled in, secrets redacted.
 */
export async function readConfig(
  engine: ConfigEngine,
  workspace: WorkspaceRecord,
  effective: boolean,
): Promise<FileView<ConfigView>> {
  const { fields, oid } = await readSingle(engine, workspace.id, "index");
  const { schema, block, value } = storedConfig(fields);
  const supplied = suppliedConfig(engine, workspace.slug);
  const known = await knownSecrets(engine, workspace);
  const filled = effectiveConfig({ ...supplied, ...value }, (name) => (known.has(name) ? HIDDEN : undefined));
  const issues = schema ? validateConfig(schema, { ...supplied, ...value }) : [];
  const view = {
    ...(schema ? { schema } : {}),
    ...(block === undefined ? {} : { block }),
    value: effective ? hideSecrets(engine, filled.value, known) : value,
    environment: Object.keys(supplied).filter((name) => !Object.hasOwn(value, name)),
    problems: [...filled.problems, ...issues],
  };
  return { value: view, oid };
}

// Somebody may have written a secret's value out where a reference belongs.
function hideSecrets(
  { redactor }: ConfigEngine,
  value: Fields,
  known: Awaited<ReturnType<typeof knownSecrets>>,
): Fields {
  return redactor.with([...known.values()].map((secret) => secret.value)).free(value);
}

/** Changes the configuration in `index.yml`. `replace`: values that are not given go. Throws InvalidRequest. */
export async function writeConfig(
  engine: ConfigEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  input: { fields: ConfigInput; replace: boolean; conditions: Conditions },
): Promise<FileView<ConfigView>> {
  const supplied = suppliedConfig(engine, workspace.slug);
  const { fields: given, replace, conditions } = input;
  const change = (index: Fields) => {
    const before = storedConfig(index);
    const kept = replace && given.value ? {} : before.value;
    const value = merged(kept, given.value ?? {});
    const schema = given.schema === undefined ? before.schema : given.schema;
    if (schema) {
      const changed = replace ? undefined : Object.keys(given.value ?? {});
      refuseIssues("value", validateConfig(schema, { ...supplied, ...value }), changed);
    }
    const isSame = isDeepStrictEqual(value, before.value);
    const fields = { schema: given.schema, block: given.block, value: isSame ? undefined : value };
    const old = isFields(index.config) ? index.config : {};
    const config = merged(old, fields);
    // A workspace without values has none to list.
    if (Object.keys(value).length === 0 && old.value === undefined) Reflect.deleteProperty(config, "value");
    return Object.keys(config).length > 0 || index.config !== undefined ? { ...index, config } : index;
  };
  await changeSingle(engine, viewer, workspace, "index", change, { conditions });
  return readConfig(engine, workspace, false);
}
