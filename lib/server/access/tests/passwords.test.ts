import { describe, expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine } from "@/lib/testing/engine";
import { createPasswords } from "../../passwords";
import { signIn } from "../sessions";

const PASSWORD = "right horse battery 9";
const OLD = createPasswords({ N: 2 ** 8, r: 8, p: 1 });
const NEW = { N: 2 ** 10, r: 8, p: 1 };

describe("A password's hash", () => {
  test("costs what OWASP advises, and is salted", async () => {
    const passwords = createPasswords();
    const [one, two] = [await passwords.hash(PASSWORD), await passwords.hash(PASSWORD)];
    expect(one).toMatch(/^scrypt\$131072\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(two);
    expect(passwords.isOutdated(one)).toBe(false);
    expect(await passwords.matches(PASSWORD, one)).toBe(true);
    expect(await passwords.matches(`${PASSWORD}.`, one)).toBe(false);
  });

  test("made in an older or another way is told apart, and nothing matches where there is none", async () => {
    const passwords = createPasswords(NEW);
    const old = await OLD.hash(PASSWORD);
    expect(passwords.isOutdated(old)).toBe(true);
    expect(OLD.isOutdated(await passwords.hash(PASSWORD))).toBe(false);
    expect(await passwords.matches(PASSWORD, old)).toBe(true);
    expect(await passwords.matches("wrong", old)).toBe(false);
    for (const hash of [null, "", "bcrypt$1$2$3$4$5", "scrypt$256$8$1$AAAA$AAAA"])
      expect(await passwords.matches(PASSWORD, hash)).toBe(false);
  });

  test("is made in turns, and more than can wait are refused with the time to come back", async () => {
    const passwords = createPasswords({ N: 2 ** 4, r: 8, p: 1 });
    const many = await Promise.allSettled(Array.from({ length: 100 }, () => passwords.matches("x", null)));
    const refused = many.filter(({ status }) => status === "rejected");
    // Two at work and 64 that wait.
    expect(refused).toHaveLength(34);
    expect(refused[0]).toMatchObject({ reason: { code: "TooManyRequests", details: { retryAfter: 10 } } });
    await expect(passwords.matches("x", null)).resolves.toBe(false);
  });
});

await describeOnDatabases("A sign-in with an old hash", (database) => {
  test("renews it, a refused one does not, and the password stays the same", async () => {
    const instance = await startEngine({ database, overrides: { passwords: createPasswords(NEW) } });
    try {
      const { engine } = instance;
      const { id, email } = await instance.user();
      const old = await OLD.hash(PASSWORD);
      await engine.store.accounts.setPassword(id, old);
      const stored = async () => (await engine.store.accounts.user(id))?.passwordHash;

      await expect(signIn(engine, { email, password: "wrong" })).rejects.toMatchObject({
        code: "Unauthenticated",
      });
      expect(await stored()).toBe(old);

      await signIn(engine, { email, password: PASSWORD });
      const renewed = await stored();
      expect(renewed).toMatch(/^scrypt\$1024\$8\$1\$/);
      await signIn(engine, { email, password: PASSWORD });
      expect(await stored()).toBe(renewed);
    } finally {
      await instance.close();
    }
  });
});
