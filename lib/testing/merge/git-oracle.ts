import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileSpec, type Files } from "./memory-objects";

export interface Scenario {
  /** null: no common history. */
  base: Files | null;
  ours: Files;
  theirs: Files;
}

/** What git answers: the tree, and whether it merged without conflict. */
export interface GitAnswer {
  isClean: boolean;
  tree: string;
}

const MOST_OUTPUT = 1 << 30;
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** The real git in a bare repository of its own, free of the machine's configuration. */
export class GitOracle {
  private readonly directory = mkdtempSync(path.join(tmpdir(), "merge-oracle-"));
  private branches = 0;

  constructor() {
    this.git(["init", "--quiet", "--bare"]);
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  git(args: readonly string[], input?: string | Buffer): Buffer {
    return execFileSync("git", ["-C", this.directory, ...args], {
      input,
      env: this.environment(),
      maxBuffer: MOST_OUTPUT,
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  /** What a command prints, whether or not it finds something. */
  ask(args: readonly string[]): string {
    const result = spawnSync("git", ["-C", this.directory, ...args], { env: this.environment() });
    return result.stdout.toString();
  }

  /** Merges each scenario as `git merge` would; one import and one process for all. */
  mergeAll(scenarios: readonly Scenario[]): GitAnswer[] {
    const stream: Buffer[] = [];
    const pairs: string[] = [];
    for (const scenario of scenarios) {
      const name = `s${String(this.branches++)}`;
      if (scenario.base) stream.push(commit(`${name}-base`, [], scenario.base));
      const parents = scenario.base ? [`${name}-base`] : [];
      stream.push(commit(`${name}-ours`, parents, scenario.ours));
      stream.push(commit(`${name}-theirs`, parents, scenario.theirs));
      pairs.push(`${name}-ours ${name}-theirs`);
    }
    this.git(["fast-import", "--quiet"], Buffer.concat(stream));
    return this.mergePairs(pairs);
  }

  /** Merges branches, given as lines of two names. A merge that git itself gives up on counts as not clean. */
  mergePairs(pairs: readonly string[]): GitAnswer[] {
    const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"];
    const result = spawnSync(
      "git",
      ["-C", this.directory, ...args, "--allow-unrelated-histories", "--stdin"],
      { input: pairs.map((pair) => `${pair}\n`).join(""), env: this.environment(), maxBuffer: MOST_OUTPUT },
    );
    if (result.status === 0) return parseAnswers(result.stdout.toString("latin1"), pairs.length);
    // Some renames make git 2.39 fail an assertion, which ends the whole run.
    if (pairs.length <= 1) return pairs.map(() => ({ isClean: false, tree: "" }));
    const half = pairs.length >> 1;
    return [...this.mergePairs(pairs.slice(0, half)), ...this.mergePairs(pairs.slice(half))];
  }

  /** Runs `git merge-file` on three texts; null: a conflict. */
  mergeFile(
    base: Buffer,
    ours: Buffer,
    theirs: Buffer,
    write: (name: string, bytes: Buffer) => void,
  ): Buffer | null {
    const result = this.runMergeFile([base, ours, theirs], [], write);
    return result.status === 0 ? result.stdout : null;
  }

  /** What `git merge-file` makes of three texts, with its conflicts between these markers. */
  markedFile(
    versions: [base: Buffer, ours: Buffer, theirs: Buffer],
    markers: { size: number; ours: string; theirs: string },
    write: (name: string, bytes: Buffer) => void,
  ): Buffer {
    const labels = ["-L", markers.ours, "-L", "base", "-L", markers.theirs];
    return this.runMergeFile(versions, [`--marker-size=${String(markers.size)}`, ...labels], write).stdout;
  }

  /** Which of these objects the repository holds; merging merge bases leaves theirs behind. */
  has(oids: readonly string[]): boolean[] {
    const input = oids.map((oid) => `${oid}\n`).join("");
    const answers = this.git(["cat-file", "--batch-check"], input).toString().trimEnd().split("\n");
    return answers.map((answer) => !answer.endsWith(" missing"));
  }

  private runMergeFile(
    [base, ours, theirs]: [base: Buffer, ours: Buffer, theirs: Buffer],
    options: readonly string[],
    write: (name: string, bytes: Buffer) => void,
  ): { status: number | null; stdout: Buffer } {
    write(this.file("ours"), ours);
    write(this.file("base"), base);
    write(this.file("theirs"), theirs);
    const args = ["merge-file", "-p", ...options, this.file("ours"), this.file("base"), this.file("theirs")];
    return spawnSync("git", args, { env: this.environment(), maxBuffer: MOST_OUTPUT });
  }

  private file(name: string): string {
    return path.join(this.directory, name);
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      HOME: this.directory,
    };
  }
}

/** A commit for `git fast-import`. */
export function commit(branch: string, parents: readonly string[], files: Files, date = 1): Buffer {
  const parts: Buffer[] = [
    Buffer.from(`commit refs/heads/${branch}\ncommitter A <a@example.org> ${String(date)} +0000\ndata 0\n`),
  ];
  for (const [index, parent] of parents.entries()) {
    parts.push(Buffer.from(`${index === 0 ? "from" : "merge"} refs/heads/${parent}\n`));
  }
  if (parents.length > 0) parts.push(Buffer.from("deleteall\n"));
  for (const [name, content] of Object.entries(files)) {
    const file = fileSpec(content);
    const mode = file.mode ?? "100644";
    if (file.submodule !== undefined) parts.push(Buffer.from(`M ${mode} ${file.submodule} ${quote(name)}\n`));
    else {
      parts.push(Buffer.from(`M ${mode} inline ${quote(name)}\ndata ${String(file.bytes.length)}\n`));
      parts.push(Buffer.from(file.bytes), Buffer.from("\n"));
    }
  }
  parts.push(Buffer.from("\n"));
  return Buffer.concat(parts);
}

function quote(name: string): string {
  return `"${name.replace(/["\\]/g, "\\$&")}"`;
}

/** Each answer is its status, the tree, the paths in conflict and an empty field. */
function parseAnswers(output: string, count: number): GitAnswer[] {
  const fields = output.split("\0");
  const answers: GitAnswer[] = [];
  let at = 0;
  while (answers.length < count && at < fields.length - 1) {
    const isClean = fields[at] === "1";
    const tree = fields[at + 1] ?? EMPTY_TREE;
    at += 2;
    while (fields[at] !== undefined && fields[at] !== "") at++;
    at++;
    answers.push({ isClean, tree });
  }
  if (answers.length !== count)
    throw new Error(`git answered ${String(answers.length)} of ${String(count)} merges.`);
  return answers;
}
