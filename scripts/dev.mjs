import path from "node:path";
import process from "node:process";
import { ROOT, runNode } from "./lib/run.mjs";
import { main, say } from "./lib/say.mjs";
import { setup } from "./setup.mjs";

await main(async () => {
  await setup();
  const port = process.env.PORT || "3000";
  const host = process.env.HOST || "localhost";
  say(`Starting the development server on ${host}:${port}.`);
  const { status } = await runNode(
    path.join(ROOT, "node_modules", "next", "dist", "bin", "next"),
    ["dev", "--port", port, "--hostname", host],
    { env: { NODE_ENV: "development", NEXT_TELEMETRY_DISABLED: "1" } },
  );
  process.exitCode = status;
});
