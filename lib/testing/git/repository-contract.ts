import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashObject } from "@/lib/archive/objects";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { GitObject, Repositories, RepositorySession } from "@/lib/versioning/ports";

/** A repository that was filled with these files, on branch main. */
export interface ContractRepository {
  repository: Repository;
  repositories: Repositories;
  /** Ends what was started for it. */
  dispose(): Promise<void>;
}

export type Files = Record<string, string>;

/** Opens a session; the database of the platform holds `stored`. */
export function openSession(
  { repository, repositories }: Pick<ContractRepository, "repository" | "repositories">,
  options: {
    refs?: string[];
    stored?: Map<Oid, GitObject> | undefined;
    signal?: AbortSignal | undefined;
    pushes?: boolean;
  } = {},
): Promise<RepositorySession> {
  return repositories.open(repository, {
    objects: {
      readObjects: (oids) =>
        Promise.resolve(
          new Map(
            oids.flatMap((oid) => {
              const object = options.stored?.get(oid);
              return object ? [[oid, object] as const] : [];
            }),
          ),
        ),
    },
    signal: options.signal ?? new AbortController().signal,
    pushes: options.pushes,
    refs: options.refs ?? ["refs/heads/", "refs/tags/"],
  });
}

export const AUTHOR = { name: "Ada Admin", email: "ada@example.com" };
export const MAIN = "refs/heads/main";

/** The same suite for every kind of repository: what a session answers about what is there. */
export function describeRepository(name: string, make: (files: Files) => Promise<ContractRepository>): void {
  const FILES: Files = {
    "workspaces/shop/index.yml": "name: Shop\n",
    "workspaces/shop/automations/order.yml": "slug: order\n",
    "workspaces/shop/pages/a-b.yml": "slug: a-b\n",
    "workspaces/shop/pages/a/b.yml": "slug: a/b\n",
    "workspaces/desk/index.yml": "name: Desk\n",
    "README.md": "# Everything\n",
  };

  describe(`${name} answers what it holds`, () => {
    let made: ContractRepository;
    let session: RepositorySession;
    let root: string;
    beforeEach(async () => {
      made = await make(FILES);
      session = await openSession(made);
      root = made.repository.dirpath;
    });
    afterEach(async () => {
      await session.close();
      await made.dispose();
    });
    const tip = () => {
      const oid = session.ref(MAIN);
      if (!oid) throw new Error("main is missing");
      return oid;
    };

    it("knows the branch, and no other", () => {
      expect(session.ref(MAIN)).toMatch(/^[0-9a-f]{40}$/);
      expect(session.ref("refs/heads/nowhere")).toBeNull();
      expect([...session.refs("refs/heads/").keys()]).toEqual([MAIN]);
    });

    it("lists the workspaces of a directory without their contents", async () => {
      expect([...(await session.directories(tip(), root)).keys()]).toEqual(["desk", "shop"]);
      expect(await session.directories(tip(), `${root}/nowhere`)).toEqual(new Map());
    });

    it("lists every file of a tree in git's order, and reads their bytes", async () => {
      const entries = await session.entries(await session.subtree(tip(), `${root}/shop`));
      expect(entries.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
        "100644 automations/order.yml",
        "100644 index.yml",
        "100644 pages/a-b.yml",
        "100644 pages/a/b.yml",
      ]);
      const blobs = await session.blobs(entries.map(({ oid }) => oid));
      for (const { path, oid } of entries) {
        const bytes = blobs.get(oid);
        expect(Buffer.from(bytes ?? []).toString()).toBe(FILES[`workspaces/shop/${path}`]);
        expect(hashObject("blob", bytes ?? new Uint8Array())).toBe(oid);
      }
    });

    it("answers null for a directory that is not there or is a file", async () => {
      expect(await session.subtree(tip(), `${root}/nowhere`)).toBeNull();
      expect(await session.subtree(tip(), `${root}/shop/index.yml`)).toBeNull();
      expect(await session.entries(null)).toEqual([]);
    });

    it("reads the tip's commit and says which commits it does not have", async () => {
      expect(await session.commit(tip())).toMatchObject({ oid: tip(), parents: [] });
      expect(await session.findCommit("1".repeat(40) as Oid)).toBeNull();
    });

    it("gives equal trees equal ids, whichever way they were made", async () => {
      const tree = await session.subtree(tip(), `${root}/shop`);
      const files = await session.entries(tree);
      const changes = new Map(files.map(({ path, mode, oid }) => [path, { mode, oid }] as const));
      expect(await session.editTree(null, changes)).toBe(tree);
      expect(await session.editTree(tree, changes)).toBe(tree);
      expect(await session.editTree(tree, new Map([["nowhere/at-all.yml", null]]))).toBe(tree);
      expect(
        await session.editTree(tree, new Map(files.map(({ path }) => [path, null] as const))),
      ).toBeNull();
    });

    it("keeps all other entries when one workspace is written into a commit", async () => {
      const oid = session.putBlob(Buffer.from("name: New\n"));
      const subtree = await session.editTree(null, new Map([["index.yml", { mode: "100644", oid }]]));
      const commit = await session.putCommit({
        onto: tip(),
        directory: `${root}/new`,
        subtree,
        others: [{ directory: `${root}/shop`, subtree: null }],
        parents: [tip()],
        author: AUTHOR,
        date: new Date(1_700_000_000_000),
        message: "Rename",
      });
      expect([...(await session.directories(commit, root))]).toEqual([
        ["desk", await session.subtree(tip(), `${root}/desk`)],
        ["new", subtree],
      ]);
      expect(await session.isAncestor(tip(), commit)).toBe(true);
      expect(await session.isAncestor(commit, tip())).toBe(false);
      expect(await session.countCommits({ since: tip(), until: commit, directory: `${root}/new` })).toBe(1);
      expect(await session.countCommits({ since: tip(), until: commit, directory: `${root}/desk` })).toBe(0);
      expect(await session.countCommits({ since: commit, until: tip(), directory: root })).toBeNull();
    });

    it("merges what two commits did to one directory", async () => {
      const edit = async (path: string, text: string) => {
        const subtree = await session.editTree(
          await session.subtree(tip(), `${root}/shop`),
          new Map([[path, { mode: "100644", oid: session.putBlob(Buffer.from(text)) }]]),
        );
        const fields = { onto: tip(), directory: `${root}/shop`, parents: [tip()], author: AUTHOR };
        return session.putCommit({ ...fields, subtree, date: new Date(1_700_000_000_000), message: path });
      };
      const ours = await edit("index.yml", "name: Ours\n");
      const theirs = await edit("pages/new.yml", "slug: new\n");
      const clash = await edit("index.yml", "name: Theirs\n");
      const merged = await session.mergeDirectory({ ours, theirs, directory: `${root}/shop` });
      if (merged.kind !== "merged") throw new Error("A clean merge was expected.");
      expect((await session.entries(merged.subtree)).map(({ path }) => path)).toContain("pages/new.yml");
      const conflict = await session.mergeDirectory({ ours, theirs: clash, directory: `${root}/shop` });
      expect(conflict).toMatchObject({
        kind: "conflict",
        conflicts: [{ path: "index.yml", kind: "content" }],
      });
    });

    it("stops when its signal is aborted", async () => {
      const controller = new AbortController();
      controller.abort(new Error("enough"));
      await expect(openSession(made, { signal: controller.signal })).rejects.toThrow("enough");
    });
  });
}
