/** Runs once when the server process starts, before its first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { getEngine } = await import("@/lib/server/engine");
  const { startFailure } = await import("@/lib/server/startup/start");
  try {
    await getEngine();
  } catch (error) {
    process.stderr.write(`${startFailure(error)}\n`);
    process.exit(1);
  }
}
