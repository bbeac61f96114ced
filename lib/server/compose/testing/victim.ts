import { followOperation } from "../../operations/follow";
import { startBulkPush } from "../../operations/start-bulk";
import { systemViewer } from "../../viewer";
import { startEngine } from "../start";

/** A server process for tests to kill: pushes a group and prints the type of each event as it is stored. */
async function main(): Promise<void> {
  const engine = await startEngine();
  const viewer = systemViewer("user", "victim");
  const { operationId } = await startBulkPush(engine, viewer, { groups: ["base"], name: "v1" });
  process.stdout.write(`OPERATION ${operationId}\n`);
  const signal = new AbortController().signal;
  for await (const { type } of followOperation(engine, operationId, { signal }))
    process.stdout.write(`EVENT ${type}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
