import { z } from "zod";
import type { PinnedHostKey } from "@/lib/domain/wire/connection";
import { AppError } from "@/lib/domain/error";
import type { Engine } from "../engine";

/** `host` or `host:port`, an IPv6 address in brackets; the port of SSH when none is named. */
export const HostAndPort = z
  .string()
  .max(300)
  .regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/, {
    message: "Write host or host:port, as in git.example.com:2222.",
  })
  .transform((text) => {
    const [, host = "", port] = /^(.+?)(?::(\d{1,5}))?$/.exec(text) ?? [];
    return { host: host.replace(/^\[|\]$/g, "").toLowerCase(), port: port === undefined ? 22 : Number(port) };
  });

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
