import { describe, expect, it } from "vitest";
import { createEgressPolicy, type EgressOptions } from "./egress";
import { parseRemoteUrl } from "@/lib/git/transport/remote-url";

const resolve = (url: string, options: EgressOptions = {}, trusted = false) => {
  const remote = parseRemoteUrl(url);
  if (remote.kind !== "http") throw new Error("An http URL was expected.");
  const port = Number(remote.url.port) || 443;
  return createEgressPolicy(options).resolve({ host: remote.url.hostname, port, trusted });
};
const answer = (...addresses: string[]): EgressOptions => ({
  resolve: () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }))),
});

describe("Egress", () => {
  it.each([
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "１２７.０.０.１",
    "[::]",
    "[::1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[fd12:3456::1]",
    "[fec0::1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[ff02::1]",
    "[2001:db8::1]",
  ])("does not reach the private address %s", async (host) => {
    await expect(resolve(`https://${host}/x.git`)).rejects.toMatchObject({ code: "PermissionDenied" });
    await expect(resolve(`https://${host}/x.git`, {}, true)).resolves.toHaveLength(1);
  });

  it.each([
    "169.254.169.254",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]",
    "100.100.100.200",
    "[fd00:ec2::254]",
    "[fe80::1]",
  ])("does not reach the metadata address %s for anybody", async (host) => {
    await expect(resolve(`https://${host}/x.git`, {}, true)).rejects.toMatchObject({
      code: "PermissionDenied",
    });
    await expect(
      resolve(`https://${host}/`, { allow: [host.replace(/[[\]]/g, "")] }, true),
    ).resolves.toHaveLength(1);
  });

  it("refuses a name of which one address is private", async () => {
    await expect(resolve("https://git.example/x", answer("8.8.8.8", "10.0.0.1"))).rejects.toMatchObject({
      code: "PermissionDenied",
    });
    await expect(resolve("https://localhost./x", answer("::1"))).rejects.toMatchObject({
      code: "PermissionDenied",
    });
    await expect(resolve("https://git.example/x", answer())).rejects.toMatchObject({
      code: "RemoteUnreachable",
    });
    expect(await resolve("https://git.example/x", answer("8.8.8.8"))).toEqual([
      { address: "8.8.8.8", family: 4 },
    ]);
  });

  it("reaches what the operator allows, by CIDR, host, or host and port", async () => {
    const inside = answer("10.0.0.1");
    await expect(resolve("https://git.corp/x", { ...inside, allow: ["10.0.0.0/8"] })).resolves.toHaveLength(
      1,
    );
    await expect(resolve("https://git.corp/x", { ...inside, allow: ["GIT.corp."] })).resolves.toHaveLength(1);
    await expect(
      resolve("https://git.corp:8443/x", { ...inside, allow: ["git.corp:8443"] }),
    ).resolves.toHaveLength(1);
    await expect(
      resolve("https://git.corp/x", { ...inside, allow: ["git.corp:8443", "11.0.0.0/8"] }),
    ).rejects.toThrow();
    expect(() => createEgressPolicy({ allow: ["10.0.0.0/99"] })).toThrow(/CIDR/);
    expect(() => createEgressPolicy({ allow: ["not a host"] })).toThrow(/neither/);
  });

  it("talks to port 22 for SSH alone", async () => {
    const policy = createEgressPolicy(answer("8.8.8.8"));
    const target = { host: "git.example", trusted: false };
    await expect(policy.resolve({ ...target, port: 22, ssh: true })).resolves.toHaveLength(1);
    await expect(policy.resolve({ ...target, port: 25, ssh: true })).rejects.toThrow(/Port 25/);
    await expect(policy.resolve({ ...target, port: 22 })).rejects.toThrow(/Port 22/);
  });

  it.each([22, 25, 6379])("does not talk to port %i", async (port) => {
    await expect(resolve(`https://git.example:${String(port)}/x`, answer("8.8.8.8"))).rejects.toMatchObject({
      code: "PermissionDenied",
    });
  });
});

describe("A repository's URL", () => {
  it.each([
    "",
    "ext::sh -c id",
    "git://h/x",
    "ftp://h/x",
    "ext::id",
    "ssh://-oProxyCommand=id/x",
    "ssh://git:pass@h/x",
    "ssh://git@h/",
    "ssh://git@h/x?y",
    "ssh://git@h/%zz",
    "ssh://git@h/a%0ab",
    "git@-oProxyCommand=id:x",
    "-oProxyCommand=x",
    "git@h:-x",
    "git@h:",
    "--upload-pack=x",
    "https:///h",
    "https:h/x",
    "http://a@b@c",
    "https://user:pass@h/x",
    "https://@h/x",
    "https://h\\@x/y",
    "https://h/x?token=1",
    "https://h/x#y",
    "https://h/a b",
    "https://h/x\nHost: y",
    "https://h/\t",
    "file://host/x",
    "file:///",
    "file:///a%2fb",
    "javascript:alert(1)",
    "C:\\repo",
    "/srv/repo",
    `https://h/${"a".repeat(3000)}`,
  ])("is refused when it is %j", (url) => {
    expect(() => parseRemoteUrl(url)).toThrow(expect.objectContaining({ code: "InvalidRequest" }));
  });

  it("never appears in the message about it", () => {
    expect(() => parseRemoteUrl("https://me:hunter2@h/x")).toThrow(/auth\.user/);
    expect(() => parseRemoteUrl("https://me:hunter2@h/x")).not.toThrow(/hunter2/);
  });

  it.each([
    ["ssh://git@Git.Example:2222/org/a.git", "git.example", 2222, "git", "/org/a.git"],
    ["ssh://git.example/a%20b.git", "git.example", 22, undefined, "/a b.git"],
    ["ssh://[::1]:2222/a.git", "::1", 2222, undefined, "/a.git"],
    ["ssh://git@h/~ada/a.git", "h", 22, "git", "~ada/a.git"],
    ["git@h:org/a.git", "h", 22, "git", "org/a.git"],
    ["git@[::1]:a.git", "::1", 22, "git", "a.git"],
    ["git.example:/srv/a.git", "git.example", 22, undefined, "/srv/a.git"],
  ])("is accepted over SSH when it is %j", (url, host, port, user, path) => {
    expect(parseRemoteUrl(url)).toEqual({ kind: "ssh", address: { host, port, user, path } });
  });

  it("is accepted over http, https and from disk", () => {
    expect(parseRemoteUrl("https://Git.Example:8443/a/b.git")).toMatchObject({ kind: "http" });
    expect(parseRemoteUrl("http://127.0.0.1:3000/a.git")).toMatchObject({ kind: "http" });
    expect(parseRemoteUrl("file:///srv/my%20repo.git")).toEqual({ kind: "file", path: "/srv/my repo.git" });
  });
});
