import { afterAll, beforeAll } from "vitest";
import type { Group } from "@/lib/domain/bulk";
import { database, type TestDatabase } from "../database";
import { Fleet } from "../fleet";
import { gitServer, type GitServer } from "../git/git-server";
import { aRepository } from "../git/git-server-repository";

export const GROUPS: Group[] = [
  { name: "base", labels: ["app:base"] },
  { name: "extended", labels: ["app:extended", "product"] },
];

function texts(slug: string, label: string, uses: string[] = []): Record<string, string> {
  return {
    "index.yml": `# ${slug}\nname: ${slug}\nslug: ${slug}\nlabels: [${label}]\n`,
    "security.yml": "authorizations: {}\n",
    "pages/home.yml": `slug: home\ntitle: '${slug}'\n`,
    "README.md": `# ${slug}\n`,
    ...Object.fromEntries(uses.map((app) => [`imports/${app}.yml`, `appSlug: ${app}\nslug: ${app}\n`])),
  };
}

export let server: GitServer;
let count = 0;

/** Serves git for the tests of a file. */
export function serveGit(): void {
  beforeAll(async () => {
    server = await gitServer({ password: "s3cret" });
  });
  afterAll(() => server.close());
}

export async function remoteOf(differences: Parameters<typeof aRepository>[0] = {}) {
  const remote = await server.repository(`fleet-${String(++count)}`);
  return { remote, repository: aRepository({ url: remote.url, password: "s3cret", ...differences }) };
}

/** `desk` uses `mail`, which uses `log`: apps in three levels, named against the alphabet. */
export async function sourceFleet(database: TestDatabase) {
  const fleet = await Fleet.open(await database.open(), { groups: GROUPS });
  await fleet.create("zz-log", texts("zz-log", "app:base"), ["app:base"]);
  await fleet.create("mail", texts("mail", "app:base", ["log"]), ["app:base"]);
  await fleet.create("desk", texts("desk", "product", ["mail", "absent"]), ["product"]);
  await fleet.create("other", texts("other", "elsewhere"), ["elsewhere"]);
  for (const [id, slug] of [
    ["zz-log", "log"],
    ["mail", "mail"],
  ] as const) {
    await fleet.store.workspaces.write([
      { workspaceId: id, guard: {}, userId: "ada", app: { slug, name: `App ${slug}` }, events: [] },
    ]);
  }
  return fleet;
}

/** A second instance's fleet, with a database of its own. */
export async function emptyFleet({ provider }: TestDatabase) {
  const other = await database(provider);
  return { fleet: await Fleet.open(await other.open(), { groups: GROUPS }), close: () => other.close() };
}
