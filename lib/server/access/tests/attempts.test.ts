import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine } from "@/lib/testing/engine";
import { countAttempt } from "../attempts";
import { createSignInLink, redeemSignInLink, signIn } from "../sessions";
import { changePassword } from "../users/account";
import { viewerOfSession } from "../authenticate";

const MINUTE = 60_000;
const PASSWORD = "right horse battery 9";
const HOME = "203.0.113.7";
const tooMany = expect.objectContaining({ code: "TooManyRequests" }) as unknown;

await describeOnDatabases("Wrong passwords", (database) => {
  test("from anywhere lock out nobody where they signed in before, nor a session, nor a sign-in link; all other places together get 20 in 15 minutes", async () => {
    const env = { SWITCHYARD_MASTER_KEY: "ab".repeat(32) };
    const instance = await startEngine({ database, env });
    const second = await startEngine({ database, env });
    try {
      const { engine } = instance;
      const { id, email } = await instance.user();
      await engine.store.accounts.setPassword(id, await engine.passwords.hash(PASSWORD));
      const guess = (at: number, now = new Date(), from = [instance, second][at % 2]) =>
        countAttempt(from?.engine ?? engine, { email, address: `198.51.100.${String(at)}` }, now).then(
          () => "evaluated",
          () => "refused",
        );
      const home = (password: string) => signIn(engine, { email, password }, { address: HOME });
      const session = await home(PASSWORD);

      const guesses = await Promise.all(Array.from({ length: 60 }, (_, at) => guess(at)));
      // The owner's own first sign-in was one of the twenty.
      expect(guesses.filter((one) => one === "evaluated")).toHaveLength(19);
      await expect(signIn(engine, { email, password: PASSWORD }, { address: "192.0.2.9" })).rejects.toEqual(
        tooMany,
      );

      await expect(home("wrong")).rejects.toMatchObject({ code: "Unauthenticated" });
      const again = await home(PASSWORD);
      expect(again.user.id).toBe(id);
      // That the owner signed in gives those who guess no new tries.
      expect(await guess(61)).toBe("refused");

      const found = await viewerOfSession(engine, session.value, "t");
      const viewer = found?.viewer;
      if (!viewer) throw new Error("The session is there.");
      const change = { currentPassword: PASSWORD, newPassword: "left horse battery 10" };
      await expect(changePassword(engine, viewer, change)).resolves.toMatchObject({ endedSessions: 1 });
      const elsewhere = { address: "192.0.2.10" };
      await expect(
        signIn(engine, { email, password: "left horse battery 10" }, elsewhere, viewer),
      ).resolves.toMatchObject({ user: { id } });

      const link = await redeemSignInLink(engine, await createSignInLink(engine, id), {
        address: "192.0.2.11",
      });
      expect(link.user.id).toBe(id);
      await expect(
        countAttempt(engine, { email, address: "192.0.2.11" }, new Date()),
      ).resolves.toBeUndefined();
      expect(await guess(62, new Date(Date.now() + 16 * MINUTE))).toBe("evaluated");
    } finally {
      await second.close();
      await instance.close();
    }
  });

  test("where somebody signed in before are slowed down to 20 a minute", async () => {
    const instance = await startEngine({ database });
    try {
      const { engine } = instance;
      const { id, email } = await instance.user();
      const client = { address: HOME };
      await redeemSignInLink(engine, await createSignInLink(engine, id), client);
      const now = new Date();
      const at = (ms: number) => countAttempt(engine, { email, ...client }, new Date(now.getTime() + ms));
      for (let tries = 0; tries < 20; tries++) await at(0);
      await expect(at(1000)).rejects.toMatchObject({ code: "TooManyRequests", details: { retryAfter: 59 } });
      await expect(at(MINUTE)).resolves.toBeUndefined();
    } finally {
      await instance.close();
    }
  });
});
