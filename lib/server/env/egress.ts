import { createEgressPolicy } from "@/lib/net/egress";
import { AppError } from "@/lib/domain/error";
import { parseRemoteUrl } from "./remote-url";
import type { Env } from "./types";

/** Whether the egress policy understands `entry`: a CIDR, an address, or a host with or without a port. */
export function isEgressEntry(entry: string): boolean {
  try {
    createEgressPolicy({ allow: [entry] });
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** What may be reached although it is private: what the operator lists, and the hosts of platform repositories. */
export function egressAllowed(env: Pick<Env, "egressAllow" | "platformRepositories">): string[] {
  const hosts = env.platformRepositories.flatMap(({ url }) => {
    const parsed = parseRemoteUrl(url);
    if (typeof parsed === "string" || parsed.protocol === "file") return [];
    return [parsed.origin.replace(/^[a-z]+:\/\/([^@]*@)?/, "")];
  });
  // A literal IPv6 address has colons of its own; the repository itself is trusted anyway.
  return [...env.egressAllow, ...hosts.filter((host) => !host.startsWith("["))];
}
