import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// They share one PostgreSQL, whose connections would not do for more.
const MOST_WORKERS = 12;

export default defineConfig({
  resolve: {
    alias: {
      "@": fileURLToPath(new URL(".", import.meta.url)),
      // Next resolves this marker itself; outside a bundler it would refuse to load.
      "server-only": fileURLToPath(new URL("./lib/testing/server-only.ts", import.meta.url)),
    },
  },
  test: {
    include: [
      "lib/**/*.test.{ts,tsx}",
      "app/**/*.test.{ts,tsx}",
      "components/**/*.test.{ts,tsx}",
      "scripts/**/*.test.{ts,mjs}",
    ],
    globalSetup: ["./lib/testing/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: Math.min(availableParallelism() + 1, MOST_WORKERS),
    // The files of a worker share loaded modules: loading Prisma anew for each takes as long as the tests do. What a
    // module keeps for its process (counters, the current engine) is shared as well, as it is in a server.
    isolate: false,
  },
});
