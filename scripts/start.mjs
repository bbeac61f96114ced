import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { build } from "./build.mjs";
import { ROOT } from "./lib/run.mjs";
import { main, say } from "./lib/say.mjs";
import { guardServers } from "./serve/guarded-server.mjs";
import { setup } from "./setup.mjs";

await main(async () => {
  await setup();
  await build();
  const require = createRequire(import.meta.url);
  // The port may be written in .env, which the server itself reads too late for that.
  require("@next/env").loadEnvConfig(ROOT, false);
  const port = process.env.PORT || "3000";
  const host = process.env.HOST || "0.0.0.0";
  say(`Starting Switchyard on ${host}:${port}.`);
  process.chdir(ROOT);
  // With much memory about, V8 lets several times what is in use pile up before it collects. Less than this would cost
  // bulk operations an eighth of their time, for 30 MiB.
  setFlagsFromString("--heap-growing-percent=70");
  process.env.NODE_ENV = "production";
  process.env.NEXT_TELEMETRY_DISABLED = "1";
  // The server runs in this process, not in a child: signals, exit codes and kills need no forwarding.
  guardServers();
  const next = path.join(ROOT, "node_modules", "next", "dist", "bin", "next");
  process.argv = [process.execPath, next, "start", "--port", port, "--hostname", host];
  require(next);
});
