import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/error";
import { checkReadable, parseStructured, parseTexts, parseYaml } from ".";

function refusal(read: () => unknown): AppError {
  try {
    read();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("This should have been refused.");
}

describe("Reading YAML", () => {
  test("takes names of JavaScript's own objects for keys like any other", () => {
    const value = parseYaml("__proto__: {isAdmin: true}\nconstructor: 1\n? toString\n: 2\n", "pages/x.yml");
    expect(JSON.stringify(value)).toBe('{"__proto__":{"isAdmin":true},"constructor":1,"toString":2}');
    expect((value as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test.each([
    ["a key twice", "a: 1\nb: 2\na: 3\n", 3],
    ["a broken collection", "a: [1\n", 2],
    ["brackets a thousand deep", "[".repeat(1000), 1],
    ["braces a thousand deep", "{a: ".repeat(1000), 1],
    ["sequences a hundred deep on one line", `${"- ".repeat(100)}x\n`, 1],
    [
      "maps a hundred deep by indentation",
      Array.from({ length: 100 }, (_, depth) => `${" ".repeat(depth)}k:\n`).join(""),
      63,
    ],
    ["a second document", "a: 1\n---\nb: 2\n", 2],
  ])("refuses %s with file and line", (_, text, line) => {
    const error = refusal(() => parseYaml(text, "pages/x.yml"));
    expect(error.code).toBe("UnreadableContent");
    expect(error.details).toMatchObject({ path: "pages/x.yml", line });
    expect(refusal(() => checkReadable("pages/x.yml", Buffer.from(text))).code).toBe("UnreadableContent");
  });

  test("a refusal tells the place once", () => {
    expect(refusal(() => parseYaml("a: [\n", "a.yml")).message).toMatch(/^a\.yml, line \d: [^:]*\.$/);
  });

  test("hostile nesting is refused again and again, and the process goes on", () => {
    for (let time = 0; time < 5; time++) {
      expect(refusal(() => parseYaml("[".repeat(50_000), "a.yml")).code).toBe("UnreadableContent");
      expect(refusal(() => parseYaml("? ".repeat(50_000), "a.yml")).code).toBe("UnreadableContent");
    }
  });

  test("aliases that multiply are refused, those that only repeat are read", () => {
    const bomb = [
      "a: &a [1,1,1,1,1,1,1,1,1]",
      ..."bcdefgh".split("").map((name, index) => {
        const before = "abcdefg"[index] ?? "a";
        return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(",")}]`;
      }),
    ].join("\n");
    expect(refusal(() => parseYaml(bomb, "a.yml")).code).toBe("UnreadableContent");
    expect(refusal(() => checkReadable("a.yml", Buffer.from(bomb))).code).toBe("UnreadableContent");
    for (const endless of ["a: &x [*x]\n", "a: &x\n  b: {c: *x}\n"])
      for (const read of [parseYaml, (text: string) => checkReadable("a.yml", Buffer.from(text))])
        expect(refusal(() => read(endless, "a.yml")).message).toContain("a.yml: has an alias inside");
    expect(refusal(() => parseYaml("%YAML 1.1\n---\na: &x {<<: *x}\n", "a.yml")).message).toContain(
      "has an alias inside",
    );
    expect(parseYaml("a: &x [&x 1, *x]\nb: *x\n", "a.yml")).toEqual({ a: [1, 1], b: 1 });
    expect(parseYaml("a: &x {k: 1}\nb: *x\n", "a.yml")).toEqual({ a: { k: 1 }, b: { k: 1 } });
  });

  test("five thousand keys are read at once, brackets in prose are no nesting", () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `k${String(index)}: ${String(index)}\n`).join("");
    expect(Object.keys(parseYaml(keys, "a.yml") as object)).toHaveLength(5000);
    const prose = `a: |\n${"  [[[[ {{{{ see (1) [2]\n".repeat(200)}`;
    expect(parseYaml(prose, "a.yml")).toEqual({ a: "[[[[ {{{{ see (1) [2]\n".repeat(200) });
  });

  test("bytes that are not UTF-8 and JSON that is none are refused", () => {
    expect(refusal(() => parseStructured(Buffer.from([0x61, 0x3a, 0x20, 0xff]), "a.yml")).code).toBe(
      "UnreadableContent",
    );
    expect(refusal(() => parseStructured(Buffer.from("{"), "a.json")).code).toBe("UnreadableContent");
    expect(parseStructured(Buffer.from("anything"), "a.bin")).toBeUndefined();
  });

  test("more lines and items than the parser gets through soon are refused before it begins", () => {
    const text = (items: number) => `a: [${"b,".repeat(items)}b]\n`;
    for (const many of [text(300_000), "%\n".repeat(300_000), "- !x y\n".repeat(300_000)])
      expect(refusal(() => parseYaml(many, "pages/a.yml")).message).toMatch(
        /more than 250000 lines and items/,
      );
    expect(parseYaml(text(1000), "pages/a.yml")).toMatchObject({ a: { length: 1001 } });
  });

  test("what makes too many values is refused however few lines it has, and long text is not", () => {
    for (const dense of ["a,", "[],", "{},", "a: b,", "a:,", "? a,", "&a a,", "!a a,", "'',"])
      expect(refusal(() => parseYaml(`[${dense.repeat(70_000)}]`, "a.yml")).message).toMatch(
        /more than 35000 tokens/,
      );
    const prose = "  Some [text](http://x.y), with: words - and {more}, *bold*\n".repeat(15_000);
    expect(parseYaml(`a: |\n${prose}`, "a.yml")).toMatchObject({ a: expect.any(String) as string });
  });

  test("a file of the plain kind is taken whole although the parser would not get through it soon", () => {
    const line = (at: number) => `key${String(at)}: some text that ${String(at)} people wrote\n`;
    const plain = Array.from({ length: 25_000 }, (_, at) => line(at)).join("");
    expect(plain.length).toBeGreaterThan(900_000);
    checkReadable("pages/a.yml", Buffer.from(plain));
    expect(() => {
      checkReadable("pages/a.yml", Buffer.from(`${plain}k: !x y\n`));
    }).toThrow(/more than 35000 tokens/);
  });

  test("an anchor may be used often, and what all aliases and merges stand for is counted before it is made", () => {
    const items = (times: number, item: string) => `[${Array.from({ length: times }, () => item).join(",")}]`;
    expect(parseYaml(`a: &a {k: 1}\nb: ${items(150, "*a")}\n`, "a.yml")).toMatchObject({
      b: { length: 150 },
    });
    const big = `big: &big\n${Array.from({ length: 1000 }, (_, at) => `  k${String(at)}: 1\n`).join("")}`;
    const merged = `r:\n${"  - <<: *big\n".repeat(101)}`;
    const names = Array.from({ length: 2000 }, (_, at) => `n${String(at)}`);
    for (const many of [
      `${big}r: ${items(101, "*big")}\n`,
      `${big}${merged}`,
      `%YAML 1.1\n---\n${big}${merged}`,
      `%YAML 1.1\n---\n${big}r:\n  <<: ${items(101, "*big")}\n`,
      `a: [${names.map((name) => `&${name} x`).join(",")}]\nb: [${names.map((name) => `*${name}`).join(",")}]\n`,
      `${"? ".repeat(5)}${items(100, "a")}\n`,
    ])
      for (const read of [() => parseYaml(many, "a.yml"), () => parseTexts(many, "a.yml")])
        expect(refusal(read).message).toMatch(/more than 100000 values/);
  });

  test("an error of many is told with its line, and errors elsewhere keep their stack", () => {
    const { stackTraceLimit } = Error;
    expect(refusal(() => parseYaml(`a: 1\n${'- "\n'.repeat(500)}`, "pages/a.yml")).details).toMatchObject({
      line: 2,
    });
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });
});

describe("Escapes in double quotes", () => {
  const FOLLOWS = [
    ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
    ...["\r\n", "é", "x4", "x41", "xzz", "u00e9", "u00g9", "U0001F600", "U0010FFFF", "U00110000", "U1F600"],
  ];
  const verdict = (text: string): unknown => {
    try {
      return parseYaml(text, "pages/x.yml");
    } catch (error) {
      return (error as AppError).details;
    }
  };

  test.each(FOLLOWS.map((follows) => [JSON.stringify(follows), follows]))(
    "are read and refused alike in a short and in a long text: %s",
    (_, follows) => {
      const text = `a: "b"\nc:\n  - "\\\\\\${follows}d"\n`;
      expect(verdict(`${text}# ${"x".repeat(20_000)}\n`)).toEqual(verdict(text));
    },
  );

  test("are told from a text without quotes that begins with one", () => {
    expect(parseYaml(`--- |\n"\\q"\n# ${"x".repeat(20_000)}\n`, "pages/x.yml")).toContain('"\\q"\n');
  });

  test("are refused by their first fault in a text full of them", () => {
    const error = refusal(() => parseYaml(`a: 1\nb: "${"\\q".repeat(400_000)}"\n`, "pages/x.yml"));
    expect(error.details).toMatchObject({ line: 2, problem: "Invalid escape sequence \\q." });
  });
});
