import { parse } from "yaml";
import { expect, test } from "vitest";
import { keepRepositories } from "../contents";

const GOOD = "repositories:\n  main: # ours\n    config: { url: https://git.example/x.git }\n";
const index = (text: string, path = "index.yml") => ({ text, path });
const kept = (next: string, previous: string | null) =>
  keepRepositories(index(next), previous === null ? null : index(previous));

test("Repositories that somebody may not change stay with their comments", () => {
  const text = kept("# theirs\nname: Shop\nrepositories: { evil: {} }\n", GOOD);
  expect(text).toContain("# theirs");
  expect(text).toContain("# ours");
  expect(parse(text)).toEqual({ name: "Shop", ...(parse(GOOD) as object) });
  expect(parse(kept("name: Shop\nrepositories: { evil: {} }\n", null))).toEqual({ name: "Shop" });
});

test.each([
  ["an alias as the key", "name: &key repositories\n*key : { evil: {} }\n"],
  ["a merge key of YAML 1.1", "%YAML 1.1\n---\nname: repositories\n<<: { repositories: { evil: {} } }\n"],
])("Repositories that come in by %s are left out as well", (_how, text) => {
  expect(parse(kept(text, "name: Shop\n"))).toEqual({ name: "repositories" });
  expect(parse(kept(text, GOOD))).toEqual({ name: "repositories", ...(parse(GOOD) as object) });
});

test("An anchor of the new text gives the old repositories no other meaning", () => {
  const old = "x-git: &git { url: https://git.example/x.git }\nrepositories: { main: { config: *git } }\n";
  const text = kept("x-git: &git { url: https://git.evil.example/x.git }\nname: Shop\n", old);
  expect(parse(text)).toMatchObject({
    name: "Shop",
    repositories: { main: { config: { url: "https://git.example/x.git" } } },
  });
  expect(parse(kept("name: Shop\n", old))).toMatchObject({ repositories: { main: { config: {} } } });
});
