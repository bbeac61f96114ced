/** Runs once when the server process starts, before its first request. */
export async function register(): Promise<void> {
  // The condition is one that the build can decide: for the edge runtime nothing of the server is left.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { watchPaths } = await import("@/lib/http/gate/undecodable-path");
    watchPaths();
    const { startOrExit } = await import("@/lib/server/compose/start-or-exit");
    await startOrExit();
  }
}
