import os from "node:os";

/** One measured piece of work: milliseconds of each round, by git and by us, and our requests to the remote. */
export interface Row {
  name: string;
  native: number[];
  ours: number[];
  requests: number[];
  /** The longest that the server's event loop was kept in each round, in milliseconds. */
  loopMs: number[];
  peakMiB?: number | undefined;
}

export interface Setting {
  workspaces: number;
  files: number;
  rounds: number;
  git: string;
  /** From the request of a bulk push to the first event of its stream. */
  firstEventMs: number | undefined;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function milliseconds(values: readonly number[]): string {
  return `${median(values).toFixed(0)} ms`;
}

/** The page with the medians of all rows and how they were measured. */
export function report(
  rows: readonly Row[],
  { workspaces, files, rounds, git, firstEventMs }: Setting,
): string {
  const lines = rows.map((row) =>
    [
      row.name,
      milliseconds(row.native),
      milliseconds(row.ours),
      `${(median(row.ours) / median(row.native)).toFixed(2)}×`,
      String(Math.max(...row.requests)),
      milliseconds(row.loopMs),
      row.peakMiB === undefined ? "unknown" : `${row.peakMiB.toFixed(0)} MiB`,
    ].join(" | "),
  );
  return [
    "# Measurements",
    "",
    `Written by \`npm run bench\`: ${String(workspaces)} workspaces of ${String(files)} files, medians of ${String(rounds)} rounds,`,
    `Node ${process.versions.node}, ${git}, ${String(os.availableParallelism())} processors, ${process.platform}.`,
    "",
    "Git and Switchyard take turns in one run, against `git http-backend` with a password on the loopback interface.",
    "Switchyard is measured at its API: from the request to the end of the stream, with everything stored in SQLite.",
    "",
    "- *Bulk push of everything*: git runs `fast-import` and one atomic push of the same content, a commit and a branch for each workspace.",
    "- *No `filter`*: the same against a server that leaves nothing out of a fetch, as git serves by itself.",
    "- *Nothing to do* and *up to date*: git runs a fetch that brings nothing.",
    "- *Push of one workspace*: git fetches, commits one file and pushes two branches, from a clone made before.",
    "- *Pull of one changed file*: git pulls into a clone with a checkout made before.",
    "- *Bulk import*: git clones with a checkout.",
    "- Rows that name a repository's size work on one workspace in it; they should not differ.",
    "- The event loop is timed by Node's own monitor, which counts up to 10 ms that it waits between two looks.",
    "",
    "| work | git | Switchyard | ratio | requests to the remote | longest hold of the event loop | peak memory of the server |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...lines.map((line) => `| ${line} |`),
    "",
    ...(firstEventMs === undefined
      ? []
      : [`The first event of a bulk push came ${firstEventMs.toFixed(0)} ms after the request.`, ""]),
  ].join("\n");
}
