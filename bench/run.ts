import { writeFile } from "node:fs/promises";
import os from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gitServer } from "@/lib/testing/git/git-server";
import { measureFleet } from "./cases/fleet";
import { measureLarge } from "./cases/large";
import { FILES, PASSWORD, say } from "./cases/setting";
import { measureSizes } from "./cases/sizes";
import { git } from "./native";
import { report, type Row } from "./report";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      workspaces: { type: "string", default: "1000" },
      rounds: { type: "string", default: "3" },
      /** Which cases: any of fleet, sizes and large. */
      cases: { type: "string", default: "fleet,sizes,large" },
      /** Where the page is written; nothing else is left behind. */
      output: { type: "string", default: join("bench", "RESULTS.md") },
    },
  });
  const workspaces = Number(values.workspaces);
  const rounds = Number(values.rounds);
  const cases = values.cases.split(",");
  const server = await gitServer({ password: PASSWORD });
  // As git is by itself: contents cannot be left out of a fetch.
  const plain = await gitServer({ password: PASSWORD, filter: false });
  try {
    const bench = { server, rounds };
    const rows: Row[] = [];
    let firstEventMs: number | undefined;
    if (cases.includes("fleet")) {
      const fleet = await measureFleet(bench, workspaces);
      rows.push(...fleet.rows);
      firstEventMs = fleet.firstEventMs;
      const without = await measureFleet({ server: plain, rounds }, workspaces);
      rows.push(...without.rows.map((row) => ({ ...row, name: `${row.name}, no \`filter\`` })));
    }
    if (cases.includes("sizes")) rows.push(...(await measureSizes(bench)));
    if (cases.includes("large")) rows.push(...(await measureLarge(bench)));
    const version = (await git(os.tmpdir(), ["--version"])).trim();
    const text = report(rows, { firstEventMs, workspaces, files: FILES, rounds, git: version });
    say(`\n${text}`);
    await writeFile(resolve(values.output), text);
  } finally {
    await server.close();
    await plain.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
