import type { Page } from "@playwright/test";
import { gitServer, type TestRepository } from "@/lib/testing/git/git-server";
import { selfSigned } from "@/lib/testing/git/certificate";
import { startInstance } from "@/lib/testing/instance";
import { sshServer, type SshServer } from "@/lib/testing/ssh/server";
import { callApi } from "../support/call-api";
import { expect, test as base } from "../support/fixtures";

const PASSWORD = "deploy-token-of-the-story";

interface Remotes {
  url: string;
  ssh: SshServer;
  overTls: TestRepository;
  overSsh: TestRepository;
  /** At another address than it once was. */
  moved: TestRepository;
}

/** An instance whose platform repositories are served over TLS, vouched for by nobody else, and over SSH. */
const test = base.extend<object, { remotes: Remotes }>({
  remotes: [
    // eslint-disable-next-line no-empty-pattern -- the shape that fixtures have to have
    async ({}, provide) => {
      const tls = await selfSigned("git.corp.example");
      const https = await gitServer({ tls, user: "deploy", password: PASSWORD });
      const ssh = await sshServer();
      const overTls = await https.repository("releases");
      const overSsh = await ssh.repository("mirror");
      const plain = await gitServer();
      const moved = await plain.repository("renamed");
      plain.moves.set("/former.git", "/renamed.git");
      const field = (id: string, name: string) => `WORKSPACES_STORAGE_GIT_PLATFORM_${id}_${name}`;
      const instance = await startInstance({
        env: {
          SWITCHYARD_DEMO: "false",
          SWITCHYARD_EGRESS_ALLOW: "127.0.0.0/8",
          [field("stranger", "NAME")]: "Without its authority",
          [field("stranger", "URL")]: overTls.url,
          [field("stranger", "AUTH_PASSWORD")]: PASSWORD,
          [field("releases", "NAME")]: "Releases over TLS",
          [field("releases", "URL")]: overTls.url,
          [field("releases", "AUTH_USER")]: "deploy",
          [field("releases", "AUTH_PASSWORD")]: PASSWORD,
          [field("releases", "CA")]: tls.cert.replaceAll("\n", "\\n"),
          [field("mirror", "NAME")]: "Mirror over SSH",
          [field("mirror", "URL")]: overSsh.url,
          [field("mirror", "AUTH_SSHKEY")]: ssh.key.replaceAll("\n", "\\n"),
        },
      });
      await provide({ url: instance.url, ssh, overTls, overSsh, moved });
      await instance.stop();
      await ssh.close();
      await plain.close();
      await https.close();
    },
    { scope: "worker", timeout: 240_000 },
  ],
  origin: [({ remotes }, provide) => provide(remotes.url), { scope: "worker" }],
});

const card = (page: Page, name: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });

async function testConnection(page: Page, name: string) {
  const repository = card(page, name);
  await repository.getByRole("button", { name: "Test connection" }).click();
  const report = repository.getByRole("status");
  await expect(report).toContainText(/The repository can/, { timeout: 30_000 });
  return report;
}

test("a connection is tested over self-signed TLS and over SSH, and each step says what it found and what helps", async ({
  page,
  remotes,
  signIn,
  expectAccessible,
}) => {
  await signIn();
  await page.goto("/platform/repositories");

  const stranger = await testConnection(page, "Without its authority");
  await expect(stranger).toContainText("The repository cannot be used yet.");
  await expect(stranger.getByRole("listitem").nth(1)).toContainText("2. Certificate (failed)");
  await expect(stranger.getByRole("listitem").nth(1)).toContainText("git.corp.example");
  await expect(stranger.getByRole("listitem").nth(1)).toContainText("NODE_EXTRA_CA_CERTS");

  const releases = await testConnection(page, "Releases over TLS");
  await expect(releases).toContainText("The repository can be used.");
  await expect(releases.getByRole("listitem").nth(1)).toContainText("2. Certificate (works)");
  await expect(releases.getByRole("listitem").nth(4)).toContainText("5. Write access (works)");

  const mirror = await testConnection(page, "Mirror over SSH");
  await expect(mirror).toContainText("The repository can be used.");
  await expect(mirror.getByRole("listitem").nth(1)).toContainText(remotes.ssh.hostKey);
  await expectAccessible();

  await remotes.ssh.changeHostKey();
  await expect((await testConnection(page, "Mirror over SSH")).getByRole("listitem").nth(1)).toContainText(
    "2. Host key (failed)",
  );
  await card(page, "Mirror over SSH").getByRole("button", { name: "Forget host key" }).click();
  const dialog = page.getByRole("dialog", { name: /^Forget the host key of 127\.0\.0\.1:/ });
  await dialog.getByRole("button", { name: "Forget host key" }).click();
  await expect(dialog).toBeHidden();
  await expect((await testConnection(page, "Mirror over SSH")).getByRole("listitem").nth(1)).toContainText(
    remotes.ssh.hostKey,
  );
  await expect(page.getByText(PASSWORD)).toHaveCount(0);
});

test("a workspace is pushed over both, and takes in what a colleague pushed over SSH", async ({
  page,
  origin,
  remotes,
  signIn,
}) => {
  const { id } = (await callApi(origin, "/workspaces", "POST", { name: "Dispatch" })) as { id: string };
  await callApi(origin, `/workspaces/${id}/sources`, "PATCH", {
    files: { "pages/home.yml": "slug: home\nname: Here\n" },
  });
  await signIn();
  for (const [repository, version] of [
    ["releases", "over-tls"],
    ["mirror", "over-ssh"],
  ] as const) {
    await page.goto(`/workspaces/dispatch/sync?repository=${repository}`);
    await page.getByRole("button", { name: "Push…" }).click();
    const dialog = page.getByRole("dialog", { name: /^Push to / });
    await dialog.getByRole("textbox", { name: "Version name" }).fill(version);
    await dialog.getByRole("button", { name: "Push" }).click();
    await expect(page.getByText(`Pushed Dispatch as ${version}`)).toBeVisible({ timeout: 30_000 });
  }
  expect(await remotes.overTls.git("tag")).toBe("dispatch@over-tls");
  expect(await remotes.overSsh.git("tag")).toBe("dispatch@over-ssh");
  expect(await remotes.overTls.fsck()).toBe("");

  await remotes.overSsh.commit({ "dispatch/pages/home.yml": "slug: home\nname: There\n" });
  await page.getByRole("button", { name: "Check for updates" }).click();
  await page.getByRole("button", { name: "Pull", exact: true }).click();
  await expect(page.getByText("Pulled Dispatch")).toBeVisible({ timeout: 30_000 });
  await page.goto("/workspaces/dispatch?file=pages%2Fhome.yml");
  await expect(page.getByRole("textbox", { name: "Contents of pages/home.yml" })).toContainText("There");
});

test("a folder that was deleted in git is put back as it is here, once the page has said what that gives up", async ({
  page,
  origin,
  remotes,
  signIn,
  expectAccessible,
}) => {
  const { id } = (await callApi(origin, "/workspaces", "POST", { name: "Depot" })) as { id: string };
  const release = { repository: { id: "releases" }, name: "first" };
  await callApi(origin, `/workspaces/${id}/versions?timeout=60`, "POST", release);
  const folder = (await remotes.overTls.git("ls-tree", "-r", "--name-only", "main", "depot")).split("\n");
  await remotes.overTls.commit(Object.fromEntries(folder.map((path) => [path, null])));

  await signIn();
  await page.goto("/workspaces/depot/sync?repository=releases");
  await page.getByRole("button", { name: "Check for updates" }).click();
  await page.getByRole("button", { name: "Put it back as it is here…" }).click();
  const dialog = page.getByRole("dialog", { name: "Put it back as it is here?" });
  await expect(dialog).toContainText("a new commit writes the folder again");
  await expectAccessible();
  await dialog.getByRole("button", { name: "Put it back as it is here" }).click();
  await expect(page.getByText(/^Pushed Depot/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: "Put it back as it is here…" })).toHaveCount(0);
  const there = await remotes.overTls.git("ls-tree", "-r", "--name-only", "main", "depot");
  expect(there.split("\n")).toEqual(folder);
});

test("a repository that has moved is found, and its URL is changed with one click", async ({
  page,
  origin,
  remotes,
  signIn,
  expectAccessible,
}) => {
  await remotes.moved.commit({ "index.yml": "name: Elsewhere\n" });
  const url = remotes.moved.url.replace("/renamed.git", "/former.git");
  const { id } = (await callApi(origin, "/workspaces", "POST", { name: "Mover" })) as { id: string };
  await callApi(origin, `/workspaces/${id}`, "PATCH", {
    repositories: { own: { name: "Own", type: "git", config: { url, branch: "main" } } },
  });
  await signIn();
  await page.goto("/workspaces/mover/sync?repository=own");
  await page.getByRole("button", { name: "Test connection" }).click();
  const report = page.getByRole("status").filter({ hasText: "The repository can be used." });
  await expect(report.getByRole("listitem").nth(2)).toContainText(`It has moved to ${remotes.moved.url}.`);
  await expectAccessible();
  await report.getByRole("button", { name: "Use the new address" }).click();
  await expect(report.getByRole("listitem").nth(2)).toContainText("3. Credentials (works)");
  await expect(page.getByText(remotes.moved.url, { exact: true })).toBeVisible();
});
