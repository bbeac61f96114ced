import type { PinnedHostKey } from "@/lib/domain/wire/connection";
import { AppError } from "@/lib/domain/error";
import type { Engine } from "../engine";

/** The keys of SSH servers that are pinned. */
export function listHostKeys(engine: Pick<Engine, "hostKeys">): Promise<PinnedHostKey[]> {
  return engine.hostKeys.list();
}

/** Lets a server show another key; the next one is pinned. Throws NotFound when none is pinned. */
export async function forgetHostKeys(
  engine: Pick<Engine, "hostKeys">,
  server: { host: string; port: number },
): Promise<PinnedHostKey[]> {
  const forgotten = await engine.hostKeys.forget(server);
  if (forgotten.length > 0) return forgotten;
  const known = (await engine.hostKeys.list()).map(({ host, port }) => `${host}:${String(port)}`);
  throw new AppError(
    "NotFound",
    `No host key is pinned for ${server.host}:${String(server.port)}. Pinned: ${known.join(", ") || "none"}.`,
    { known },
  );
}
