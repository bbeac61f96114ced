import { expect, test } from "vitest";
import { AppError } from "@/lib/domain/error";
import { nodesIn, YamlWork } from "./work";

const dense = Buffer.from(`a: [${"{b,c},".repeat(1000)}]\n`);

test("the work of many files is counted by what the parser would make of them, before it makes any", () => {
  expect(nodesIn(dense)).toBeGreaterThan(3000);
  for (const text of [
    "- ".repeat(500),
    "? ".repeat(500),
    "[".repeat(500),
    "!!a ".repeat(500),
    "*a ".repeat(500),
    "{a: 1, b: 2}\n".repeat(170),
  ])
    expect(nodesIn(Buffer.from(text)), text.slice(0, 8)).toBeGreaterThanOrEqual(500);
  const work = new YamlWork(10_000);
  const add = (times: number, path: string, bytes: Buffer) => {
    for (let at = 0; at < times; at++) work.add(path, bytes);
  };
  // Plain YAML never reaches the parser, and no other file does.
  add(1000, "automations/plain.yml", Buffer.from("slug: a\ndo:\n  - emit: b\n"));
  add(1000, "notes.md", dense);
  add(3, "automations/dense.yml", dense);
  expect(() => {
    add(1, "pages/one-more.yaml", dense);
  }).toThrow(AppError);
});
