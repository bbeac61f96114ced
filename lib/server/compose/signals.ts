import type { Engine } from "../engine";

/** Ends the process in good order on SIGTERM and SIGINT, before the listeners that would end it at once. */
export function closeOnSignals(engine: Pick<Engine, "log">, stop: () => Promise<void>): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const others = process.listeners(signal);
    process.removeAllListeners(signal);
    let asked = false;
    process.on(signal, () => {
      // Asked twice: whoever asks does not want to wait.
      if (asked) process.exit(1);
      asked = true;
      engine.log.info({ signal }, "Shutting down");
      stop()
        .catch((error: unknown) => {
          engine.log.error({ err: error }, "Shutting down failed");
        })
        .finally(() => {
          for (const listener of others) listener(signal);
          setTimeout(() => process.exit(0), others.length > 0 ? 2000 : 0);
        });
    });
  }
}
