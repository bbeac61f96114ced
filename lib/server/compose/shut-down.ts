import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../engine";
import type { Answers } from "./answers";

/** What answers that are under way get to come to an end once every operation has. */
const DRAIN_MS = 3000;

/** What has to come to an end, in this order. */
interface Ending {
  engine: Pick<Engine, "shutdown" | "runner" | "close">;
  recovery: { close(): Promise<void> };
  servers: readonly Server[];
  answers: Answers;
  graceMs: number;
}

/** Ends operations, then every answer under way with what there is to say, and only then the database. */
export async function shutDown({ engine, recovery, servers, answers, graceMs }: Ending): Promise<void> {
  const { shutdown, runner } = engine;
  shutdown.begin();
  await Promise.all([recovery.close(), runner.close(graceMs)]);
  for (const server of servers) server.close();
  shutdown.call();
  const until = Date.now() + DRAIN_MS;
  while (answers.underWay() > 0 && Date.now() < until) await sleep(20);
  for (const server of servers) server.closeAllConnections();
  answers.stop();
  await engine.close(0);
}
