import { apps, instances } from "./apps";
import { archives } from "./archives";
import { automations, blocks, config, domains, pages } from "./content";
import type { Endpoint } from "./endpoint";
import { events } from "./events";
import { files } from "./files";
import { operations } from "./operations";
import { account, auditLog, people, session } from "./people";
import { platform } from "./platform";
import { secrets, security, sharing } from "./security";
import { repositories, versions, writeLock } from "./versions";
import { workspaces } from "./workspaces";

const AREAS: readonly Readonly<Record<string, Endpoint>>[] = [
  account,
  apps,
  archives,
  auditLog,
  automations,
  blocks,
  config,
  domains,
  events,
  files,
  instances,
  operations,
  pages,
  people,
  platform,
  repositories,
  secrets,
  security,
  session,
  sharing,
  versions,
  workspaces,
  writeLock,
];

/** Every endpoint of the API. The console imports the areas that it needs instead, since all are large. */
export const ENDPOINTS: readonly Endpoint[] = AREAS.flatMap((area) => Object.values(area));
