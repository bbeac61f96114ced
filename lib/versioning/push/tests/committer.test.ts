import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { loopbackRepositories } from "@/lib/testing/git/git-server-repository";
import { DIRECTORY, HOME, serveGit, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

/** A server that takes commits of its own people only, as those with a rule for committers or authors do. */
const OURS_ONLY = (field: "%ce" | "%ae") => `#!/bin/sh
while read old new ref; do
  [ "$new" = 0000000000000000000000000000000000000000 ] && continue
  for commit in $(git rev-list "$new" --not --all); do
    address=$(git log -1 --format=${field} "$commit")
    case "$address" in *@corp.example) ;; *) echo "$address is not one of us" >&2; exit 1;; esac
  done
done
`;

await describeOnDatabases("The committer of what is pushed", (database) => {
  const committer = { name: "Switchyard", email: "switchyard@corp.example" };

  test("is the service where that is set, of pushes and pulls alike, and the author stays who acted", async () => {
    const { remote, repository, fleet } = await world(database);
    await remote.hook("pre-receive", OURS_ONLY("%ce"));
    const error = await failure(fleet.push("shop", repository, { name: "v1" }));
    expect(error.message).toContain("ada@example.com is not one of us");

    const service = new Fleet(fleet.store, {
      repositories: loopbackRepositories({ identity: { committer, coversAuthor: false } }),
    });
    await service.push("shop", repository, { name: "v1" });
    expect(await remote.git("log", "-1", "--format=%an <%ae>, %cn <%ce>", "main")).toBe(
      "Ada Admin <ada@example.com>, Switchyard <switchyard@corp.example>",
    );
    await remote.hook("pre-receive", "#!/bin/sh\n");
    await remote.commit({ [`${DIRECTORY}/pages/theirs.yml`]: "slug: theirs\n" });
    await remote.hook("pre-receive", OURS_ONLY("%ce"));
    await fleet.edit("shop", { "pages/home.yml": HOME.replace("Welcome", "Hello") });
    await service.pull("shop", repository);
    await service.push("shop", repository, { name: "v2" });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toContain("Hello");
    expect(await remote.fsck()).toBe("");
  });

  test("lends its address to the author where servers check that", async () => {
    const { remote, repository, fleet } = await world(database);
    await remote.hook("pre-receive", OURS_ONLY("%ae"));
    const service = new Fleet(fleet.store, {
      repositories: loopbackRepositories({ identity: { committer, coversAuthor: true } }),
    });
    await service.push("shop", repository, { name: "v1" });
    expect(await remote.git("log", "-1", "--format=%an <%ae>", "main")).toBe(
      "Ada Admin <switchyard@corp.example>",
    );
  });
});
