import type { KnownFolder, RepositoryState } from "@/lib/versioning/ports";
import type { WorkspaceQueries } from "../contract";
import { chunks } from "../database/chunks";
import { Prisma, type Sql } from "../database/client";
import type { Database } from "../database/database";
import { readFiles } from "./files";
import { forgetRepository } from "./forget";
import { createWorkspaces, deleteWorkspace } from "./lifecycle";
import { countFleet, findWorkspaces, labelledIds, listLabels, listWorkspaces } from "../fleet/list";
import { readObjects, storeObjects } from "../objects/objects";
import { selectApps, selectStates, selectWorkspaces, toApp, toRecords, toState } from "./rows";
import { sweepObjects } from "../objects/sweep";
import { deleteVersion, findVersion, listVersions, versionsNamed, workspacesWithVersion } from "./versions";
import { writeAll } from "./write";

/** Rows of one query: the driver of SQLite answers nothing else meanwhile. */
const STATES_AT_ONCE = 500;

/** Workspaces with their files, versions and what is known of their repositories. */
export function workspaces(database: Database): WorkspaceQueries {
  const { read, sql } = database;

  async function one(condition: Sql) {
    const [record] = await toRecords(read, sql, await selectWorkspaces(read, condition));
    return record ?? null;
  }

  async function states(condition: Sql): Promise<RepositoryState[]> {
    return (await selectStates(read, condition)).map(toState);
  }

  return {
    get: (id) => one(Prisma.sql`"id" = ${id}`),
    getBySlug: (slug) => one(Prisma.sql`"slug" = ${slug}`),
    find: (query) => findWorkspaces(database, query),
    list: (query) => listWorkspaces(database, query),
    counts: (readable) => countFleet(database, readable),
    labels: (readable) => listLabels(database, readable),
    idsLabelled: (labels) => labelledIds(database, labels),
    files: (ids) => readFiles(read, sql, ids),
    async states(repositoryId, ids) {
      const found = new Map<string, RepositoryState>();
      for (const part of chunks(ids, STATES_AT_ONCE)) {
        const mine = sql.isIn(Prisma.sql`"workspaceId"`, part);
        for (const state of await states(Prisma.sql`"repositoryId" = ${repositoryId} AND ${mine}`))
          found.set(state.workspaceId, state);
      }
      return found;
    },
    async knownFolders(repositoryId) {
      const known: KnownFolder[] = [];
      for (let after: string | undefined = ""; after !== undefined;) {
        const rows: KnownFolder[] = await read.$queryRaw<KnownFolder[]>`
          SELECT "workspaceId", "directory", "slug", "remoteSubtree", "manifest" FROM "RepositoryState"
          WHERE "repositoryId" = ${repositoryId} AND "workspaceId" > ${after}
          ORDER BY "workspaceId" LIMIT ${STATES_AT_ONCE}`;
        known.push(...rows);
        after = rows.length < STATES_AT_ONCE ? undefined : rows.at(-1)?.workspaceId;
      }
      return known;
    },
    statesOf: (ids) => states(sql.isIn(Prisma.sql`"workspaceId"`, ids)),
    async noteCheck(state) {
      await database.transaction(
        ({ db }) => db.$executeRaw`
          UPDATE "RepositoryState" SET "behind" = ${sql.integer(state.behind)}, "status" = ${state.status},
            "checkedAt" = ${sql.date(new Date(state.checkedAt))}
          WHERE "workspaceId" = ${state.workspaceId} AND "repositoryId" = ${state.repositoryId}
            AND "commit" = ${state.commit}`,
      );
    },
    version: (workspaceId, repositoryId, name) => findVersion(database, workspaceId, repositoryId, name),
    workspacesWithVersion: (repositoryId, name, ids) =>
      workspacesWithVersion(database, repositoryId, name, ids),
    versionsNamed: (repositoryId, name, ids) => versionsNamed(database, repositoryId, name, ids),
    versions: (workspaceId, page) => listVersions(database, workspaceId, page),
    forgetRepository: (id, repositoryId, events) => forgetRepository(database, id, repositoryId, events),
    deleteVersion: (id, events) => deleteVersion(database, id, events),
    async app(slug) {
      const [row] = await selectApps(read, Prisma.sql`"slug" = ${slug}`);
      return row ? toApp(row) : null;
    },
    apps: async () => (await selectApps(read, Prisma.sql`1 = 1`)).map(toApp),
    create: (workspace) => database.transaction((unit) => createWorkspaces(unit, [workspace])),
    createAll: (created) => database.transaction((unit) => createWorkspaces(unit, created)),
    write: (changes) => database.transaction((unit) => writeAll(unit, changes)),
    delete: (id, options) => database.transaction((unit) => deleteWorkspace(unit, id, options)),
    readObjects: (oids) => readObjects(read, sql, oids),
    putObjects: (objects) => database.transaction((unit) => storeObjects(unit, objects)),
    sweepObjects: (olderThan) => sweepObjects(database, olderThan),
  };
}
