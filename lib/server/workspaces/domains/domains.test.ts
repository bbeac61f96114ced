import { expect, test } from "vitest";
import { describeOnDatabases, type TestDatabase } from "@/lib/testing/database";
import { dnsServer, type Zone } from "@/lib/testing/dns/server";
import { error, withWorkspace, type TestWorkspace } from "@/lib/testing/workspace";
import { isRootDomain } from "./check";
import { checkDueDomains } from "./watch";

const PAGES = "pages.larkfield.example";

async function withDns(
  database: TestDatabase,
  zone: Zone,
  run: (workspace: TestWorkspace) => Promise<void>,
): Promise<void> {
  zone[PAGES] = { a: ["192.0.2.10", "192.0.2.11"] };
  const dns = await dnsServer(zone);
  try {
    const env = { SWITCHYARD_DNS_SERVERS: dns.address, SWITCHYARD_PAGES_HOST: PAGES };
    await withWorkspace(database, run, { env });
  } finally {
    await dns.close();
  }
}

test("A domain with nothing below its registered name needs an ALIAS record", () => {
  expect(["shop.example", "shop.co.uk", "app.shop.example", "a.shop.co.uk"].map(isRootDomain)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

await describeOnDatabases("Custom domains", (database) => {
  test("show the record to create, and are active, pending or misconfigured as DNS says", () => {
    const zone: Zone = {
      "app.shop.example": { cname: PAGES },
      "chain.shop.example": { cname: "hop.shop.example" },
      "hop.shop.example": { cname: PAGES },
      "shop.example": { a: ["192.0.2.11"] },
      "old.shop.example": { cname: "elsewhere.example" },
      "elsewhere.example": { a: ["198.51.100.7"] },
      "wrong.example": { a: ["198.51.100.7"] },
      "broken.shop.example": { fail: true },
    };
    return withDns(database, zone, async ({ call, source, detail }) => {
      const add = async (domain: string) => (await call("POST", "/customDomains", { json: { domain } })).body;
      const record = (type: string, name: string) => ({ type, name, value: PAGES });
      expect(await add("App.Shop.example.")).toMatchObject({
        domain: "app.shop.example",
        status: "active",
        record: record("CNAME", "app.shop.example"),
      });
      expect(await add("chain.shop.example")).toMatchObject({ status: "active" });
      expect(await add("shop.example")).toMatchObject({
        status: "active",
        record: record("ALIAS", "shop.example"),
      });
      expect(await add("old.shop.example")).toMatchObject({
        status: "misconfigured",
        problem: `It points to elsewhere.example instead of ${PAGES}. Change the record.`,
      });
      expect(await add("wrong.example")).toMatchObject({
        status: "misconfigured",
        problem: expect.stringContaining("198.51.100.7") as string,
      });
      expect(await add("new.shop.example")).toMatchObject({ status: "pending" });
      expect(await add("broken.shop.example")).toMatchObject({
        status: "pending",
        problem: "DNS did not respond (ESERVFAIL). It is checked again soon.",
      });
      const { customDomains } = await detail();
      expect(customDomains).toHaveLength(7);
      expect(await source("index.yml")).toContain(
        "customDomains:\n  - app.shop.example\n  - chain.shop.example\n",
      );

      zone["new.shop.example"] = { cname: PAGES };
      const checked = await call("POST", "/customDomains/new.shop.example/check");
      expect(checked.body).toMatchObject({ status: "active" });
      expect((await call("DELETE", "/customDomains/new.shop.example")).body).toEqual({
        domain: "new.shop.example",
      });
      expect((await call("DELETE", "/customDomains/new.shop.example")).body).toEqual(error("NotFound"));
      for (const bad of [
        "localhost",
        "https://shop.example",
        "10.0.0.1",
        "a..b",
        "-a.example",
        "a".repeat(300),
      ])
        expect((await call("POST", "/customDomains", { json: { domain: bad } })).status, bad).toBe(400);
    });
  });

  test("are looked at on a schedule, and an event tells when one changes", () => {
    const zone: Zone = { "app.shop.example": { cname: PAGES } };
    return withDns(database, zone, async ({ instance, call, events }) => {
      await call("POST", "/customDomains", { json: { domain: "app.shop.example" } });
      expect(await checkDueDomains(instance.engine, new Date())).toBe(0);
      zone["app.shop.example"] = { cname: "elsewhere.example" };
      const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);
      expect(await checkDueDomains(instance.engine, later(30))).toBe(0);
      expect(await checkDueDomains(instance.engine, later(61))).toBe(1);
      expect((await call("GET", "/customDomains")).body).toMatchObject([{ status: "misconfigured" }]);
      zone["app.shop.example"] = { cname: PAGES };
      expect(await checkDueDomains(instance.engine, later(11))).toBe(1);
      const told = (await events()).filter(({ type }) => type === "workspaces.customDomains.updated");
      expect(told.map(({ payload }) => payload)).toMatchObject([
        { domain: "app.shop.example", status: "active", previousStatus: "pending" },
        { status: "misconfigured", previousStatus: "active" },
        { status: "active", previousStatus: "misconfigured" },
      ]);
    });
  });

  test("belong to one workspace, however they are claimed, and are free again when it lets go", () =>
    withDns(database, {}, async ({ instance, call, put, source, detail }) => {
      const made = await instance.call("POST", "/v2/workspaces", { json: { name: "Desk" } });
      const desk = `/v2/workspaces/${(made.body as { id: string }).id}`;
      await call("POST", "/customDomains", { json: { domain: "app.shop.example" } });
      const before = await source("index.yml");
      const claims = [
        instance.call("POST", `${desk}/customDomains`, { json: { domain: "APP.shop.example" } }),
        instance.call("PATCH", desk, { json: { customDomains: ["app.shop.example"] } }),
        instance.call("PUT", `${desk}/sources/index.yml`, {
          text: "name: Desk\nslug: desk\ncustomDomains: [app.shop.example]\n",
        }),
      ];
      for (const { status, body } of await Promise.all(claims))
        expect([status, body]).toEqual([409, error("DomainAlreadyInUse")]);
      expect((await instance.call("GET", desk)).body).toMatchObject({ customDomains: [] });
      expect(await source("index.yml")).toBe(before);
      await put("index.yml", "name: Shop\nslug: shop\n");
      expect((await detail()).customDomains).toEqual([]);
      expect(
        (await instance.call("PATCH", desk, { json: { customDomains: ["app.shop.example"] } })).status,
      ).toBe(200);
      await instance.call("DELETE", desk);
      expect((await call("PATCH", "", { json: { customDomains: ["app.shop.example"] } })).status).toBe(200);
    }));

  test("A domain that only the text of index.yml lists is not the workspace's until somebody claims it", () =>
    withDns(database, {}, async ({ instance, id, call, detail, source, types }) => {
      // As an import leaves it: the file names a domain, the record does not.
      await call("PATCH", "", { json: { customDomains: ["app.shop.example"] } });
      const { workspaces } = instance.engine.store;
      await workspaces.write([
        { workspaceId: id, guard: {}, userId: "ada", settings: { customDomains: [] }, events: [] },
      ]);
      await call("PATCH", "", { json: { name: "Store" } });
      expect((await detail()).customDomains).toEqual([]);
      expect(await source("index.yml")).toContain("app.shop.example");
      expect((await call("POST", "/customDomains", { json: { domain: "app.shop.example" } })).status).toBe(
        200,
      );
      expect((await detail()).customDomains).toEqual(["app.shop.example"]);
      expect((await types()).at(-1)).toBe("workspaces.updated");
    }));
});
