import { startEngine, type Call, type TestInstance } from "@/lib/testing/engine";
import { gitServer, type GitServer } from "@/lib/testing/git/git-server";
import { dnsServer } from "@/lib/testing/dns/server";
import { oidcProvider, type OidcProvider } from "@/lib/testing/oidc";

/** Sends one request that is to succeed, after whatever it needs. */
export type Scenario = (world: World) => Promise<Response>;

/** By method and path as the document has them: `GET /v2/workspaces/{id}`. */
export type Scenarios = Record<string, Scenario>;

const CALLBACK = "http://localhost:3000/v2/signin/oidc/callback";
const PAGES = "pages.larkfield.example";
let count = 0;

/** A running instance with a git remote, name servers and an OIDC provider, and what scenarios need of it. */
export class World {
  private constructor(
    readonly instance: TestInstance,
    readonly oidc: OidcProvider,
    private readonly servers: readonly { close(): Promise<unknown> }[],
  ) {}

  static async open(): Promise<World> {
    const git: GitServer = await gitServer();
    const [remote, slow] = [await git.repository("fleet"), await git.repository("slow")];
    await slow.hook("pre-receive", "#!/bin/sh\nsleep 1\n");
    const dns = await dnsServer({ [PAGES]: { a: ["192.0.2.10"] }, "shop.example": { a: ["192.0.2.10"] } });
    const oidc = await oidcProvider(CALLBACK);
    const prefix = "WORKSPACES_STORAGE_GIT_PLATFORM_";
    const instance = await startEngine({
      env: {
        [`${prefix}fleet_URL`]: remote.url,
        [`${prefix}fleet_DIRPATH`]: "workspaces",
        [`${prefix}slow_URL`]: slow.url,
        WORKSPACES_GROUP_base_LABELS: "group:base",
        SWITCHYARD_DNS_SERVERS: dns.address,
        SWITCHYARD_PAGES_HOST: PAGES,
        SWITCHYARD_OIDC_ISSUER: oidc.issuer,
        SWITCHYARD_OIDC_CLIENT_ID: oidc.clientId,
        SWITCHYARD_OIDC_CLIENT_SECRET: oidc.clientSecret,
        WORKSPACE_CONFIG_shop_region: "eu",
      },
    });
    return new World(instance, oidc, [instance, git, dns, oidc]);
  }

  async close(): Promise<void> {
    for (const server of this.servers) await server.close();
  }

  /** The answer under test, its body unread. */
  send(method: string, path: string, call: Call = {}): Promise<Response> {
    return this.instance.request(method, path, call);
  }

  /** A request that only prepares; throws when it fails. */
  async done<T = Record<string, unknown>>(method: string, path: string, call: Call = {}): Promise<T> {
    const { status, body, text } = await this.instance.call(method, path, call);
    if (status !== 200) throw new Error(`${method} ${path}: ${String(status)} ${text}`);
    return body as T;
  }

  /** A new workspace with one file of each kind; answers its path. */
  async workspace(labels: string[] = []): Promise<string> {
    const { id } = await this.done<{ id: string }>("POST", "/v2/workspaces", {
      json: { name: `Shop ${String(++count)}`, description: "Sells", labels },
    });
    const files = {
      "automations/welcome.yml": "name: Welcome\nslug: welcome\ndo:\n  - emit:\n      event: greeted\n",
      "pages/home.yml": "name: { en: Home }\nslug: home\nblocks: []\n",
      "imports/Mail.yml": "appSlug: mail\nslug: Mail\nconfig:\n  from: shop@shop.example\n",
    };
    await this.done("PATCH", `/v2/workspaces/${id}/sources`, { json: { files } });
    return `/v2/workspaces/${id}`;
  }

  /** A new workspace with a native version `v1`. */
  async versioned(): Promise<string> {
    const path = await this.workspace();
    await this.done("POST", `${path}/versions?timeout=60`, { json: { name: "v1", description: "First" } });
    return path;
  }

  /** A user invited just now, with the token of their link. */
  async invited(): Promise<{ id: string; email: string; link: string }> {
    const email = `person-${String(++count)}@larkfield.example`;
    const { id, signInPath } = await this.done<{ id: string; signInPath: string }>("POST", "/v2/users", {
      json: { email },
    });
    return { id, email, link: signInPath.replace("/sign-in#link=", "") };
  }

  /** Headers of a new session. */
  async session(): Promise<Record<string, string>> {
    const { link } = await this.invited();
    const answer = await this.instance.call("POST", "/v2/signin/link", {
      token: null,
      json: { token: link },
    });
    const pairs = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
    const csrf = pairs.find((pair) => pair.startsWith("switchyard_csrf"))?.split("=")[1] ?? "";
    return { cookie: pairs.join("; "), "x-csrf-token": csrf };
  }

  /** The id of an operation that was started just now and may still run. */
  async operation(): Promise<string> {
    const path = await this.workspace();
    const started = await this.instance.call("POST", `${path}/versions?timeout=0`, {
      json: { repository: { id: "slow" } },
    });
    return started.headers.get("x-operation-id") ?? "";
  }

  /** A zip archive of a workspace, as it was exported. */
  async archive(path: string): Promise<Buffer> {
    const response = await this.send("GET", `${path}/export`);
    return Buffer.from(await response.arrayBuffer());
  }
}
