import { afterAll, beforeAll } from "vitest";
import type { Repository } from "@/lib/domain/repository";
import type { TestDatabase } from "../database";
import { failure, Fleet, type FleetOptions } from "../fleet";
import { gitServer, type GitServer } from "../git/git-server";
import { aRepository } from "../git/git-server-repository";

export const INDEX = "# the shop\nname: Shop\nslug: shop\nlabels:\n  - production\n";
export const HOME =
  "slug: home\n# greeting\ntitle: Welcome\nbody: |\n  one\n  two\n  three\n  four\n  five\n  six\n";
export const SHOP = {
  "index.yml": INDEX,
  "security.yml": "authorizations: {}\n",
  "pages/home.yml": HOME,
  "automations/greet.yml": "slug: greet\ndo: []\n",
};
export const DIRECTORY = "workspaces/shop";

export let server: GitServer;
let count = 0;

/** Serves git for the tests of a file. */
export function serveGit(): void {
  beforeAll(async () => {
    server = await gitServer({ password: "s3cret" });
  });
  afterAll(() => server.close());
}

/** A workspace with an empty repository of its own. */
export async function world(
  database: TestDatabase,
  differences: Parameters<typeof aRepository>[0] = {},
  options: FleetOptions = {},
) {
  const remote = await server.repository(`shop-${String(++count)}`);
  const repository = aRepository({ url: remote.url, password: "s3cret", ...differences });
  const fleet = await Fleet.open(await database.open(), options);
  await fleet.create("shop", SHOP);
  return { remote, repository, fleet };
}

/** The same after a pull that met edits of the same line on both sides. */
export async function conflicting(
  database: TestDatabase,
  { mode = "read-write", edits = {} }: { mode?: Repository["mode"]; edits?: Record<string, string> } = {},
) {
  const all = await world(database);
  await all.fleet.push("shop", all.repository, { name: "v1" });
  await all.remote.commit({ [`${DIRECTORY}/pages/home.yml`]: HOME.replace("Welcome", "Theirs") });
  await all.fleet.edit("shop", { "pages/home.yml": HOME.replace("Welcome", "Ours"), ...edits });
  const repository = { ...all.repository, mode };
  const error = await failure(all.fleet.pull("shop", repository));
  return { ...all, repository, error };
}
