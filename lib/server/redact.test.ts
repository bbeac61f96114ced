import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { AppError } from "@/lib/domain/error";
import { SecretValue } from "@/lib/domain/repository";
import { runs } from "@/lib/testing/runs";
import { Redactor } from "./redact";

const CANARY = 'p4ss/"word"+é canary';

describe("the redactor", () => {
  const redactor = new Redactor().with([{ kind: "password", user: "ci", password: new SecretValue(CANARY) }]);

  it("hides a value raw, JSON-escaped, base64, URL-encoded and as basic credentials", () => {
    const forms = [
      CANARY,
      JSON.stringify(CANARY),
      Buffer.from(CANARY).toString("base64"),
      Buffer.from(CANARY).toString("base64url"),
      encodeURIComponent(CANARY),
      Buffer.from(`ci:${CANARY}`).toString("base64"),
    ];
    for (const form of forms) {
      const text = redactor.text(`before ${form} after`);
      expect(text).toMatch(/^before "?\[redacted\]=*"? after$/);
    }
  });

  it("hides values in nested data, keys and errors with their causes", () => {
    const error = new AppError(
      "RemoteAuthFailed",
      `refused ${CANARY}`,
      { [CANARY]: [CANARY] },
      {
        cause: new Error(`cause ${CANARY}`),
      },
    );
    const text = JSON.stringify(redactor.value({ list: [{ deep: CANARY }], error, at: new Date(0) }));
    expect(text).not.toContain("canary");
    expect(text).toContain("RemoteAuthFailed");
    expect(text).toContain("1970-01-01");
  });

  it("hides the longer of two values that begin alike", () => {
    const both = new Redactor().with([new SecretValue("abcd1234"), new SecretValue("abcd1234efgh")]);
    expect(both.text("x abcd1234efgh y abcd1234 z")).toBe("x [redacted] y [redacted] z");
  });

  it("does not spoil text when a value is a plain word, but still hides it as credentials", () => {
    const word = new Redactor().with([{ kind: "password", user: "ci", password: new SecretValue("main") }]);
    expect(word.text("pushed to main")).toBe("pushed to main");
    expect(word.text(`Basic ${Buffer.from("ci:main").toString("base64")}`)).toBe("Basic [redacted]");
    expect(word.value({ password: "main" })).toEqual({ password: "[redacted]" });
  });

  it("hides every line of a private key", () => {
    const key = "-----BEGIN KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n-----END KEY-----\n";
    const keys = new Redactor().with([{ kind: "sshkey", key: new SecretValue(key) }]);
    expect(keys.text("line 2: b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ")).toBe("line 2: [redacted]");
  });

  it("hides any value it was told, wherever it stands", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.string(), fc.string(), (secret, before, after) => {
        const told = new Redactor().with([new SecretValue(secret)]);
        const plain = /^[a-z]{1,7}$/i.test(secret);
        expect(
          plain || !told.text(before + secret + after).includes(secret) || "[redacted]".includes(secret),
        ).toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });

  it("answers data without secrets as it is, and a redacted copy of any other", () => {
    const harmless = { workspaces: [{ slug: "shop", errors: [] }], at: null };
    expect(redactor.plain(harmless)).toBe(harmless);
    expect(redactor.plain({ password: "main" })).toEqual({ password: "[redacted]" });
    expect(redactor.plain<unknown>(undefined)).toBeUndefined();
  });

  it("finds in JSON as a whole what it finds value by value", () => {
    const secrets = fc.string({
      unit: fc.constantFrom("a", "B", "9", '"', "\\", "\n", "é", "/"),
      minLength: 4,
      maxLength: 24,
    });
    const form = fc.constantFrom<(secret: string) => unknown>(
      (secret) => secret,
      (secret) => ({ [secret]: 1 }),
      (secret) => JSON.stringify({ secret }),
      (secret) => JSON.stringify(JSON.stringify([secret])),
      (secret) => [Buffer.from(secret).toString("base64url")],
      (secret) => ({ deep: [[`x${encodeURIComponent(secret)}y`]] }),
    );
    fc.assert(
      fc.property(secrets, form, fc.jsonValue(), (secret, put, beside) => {
        const told = new Redactor().with([new SecretValue(secret)]);
        const data = { beside, here: put(secret) };
        expect(told.plain(data)).toEqual(told.value(data));
        expect(told.json(data)).toBe(JSON.stringify(told.value(data)));
      }),
      { numRuns: runs(300) },
    );
  });
});
