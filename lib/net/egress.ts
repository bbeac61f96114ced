import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { AppError } from "@/lib/domain/error";
import { addressKind, Subnets, unwrap } from "./addresses";

export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

/** What somebody asks to be connected to. */
export interface EgressTarget {
  host: string;
  port: number;
  /** A platform repository, whose host the operator chose. */
  trusted: boolean;
  /** Speaks SSH, for which port 22 is the usual one; default: HTTP. */
  ssh?: boolean;
}

export interface EgressOptions {
  /** CIDRs (`10.0.0.0/8`, a bare address) and hosts (`git.internal`, `git.internal:8443`) that may be reached. */
  allow?: readonly string[];
  resolve?: (host: string) => Promise<ResolvedAddress[]>;
}

/** Decides which addresses the server may connect to on behalf of a URL that somebody wrote. */
export interface EgressPolicy {
  /**
   * Resolves the host once and answers the addresses to connect to, every one of them checked. Throws
   * PermissionDenied, or RemoteUnreachable when the name does not resolve.
   */
  resolve(target: EgressTarget): Promise<ResolvedAddress[]>;
  /** The operator named this very host, so that it may be left to a proxy to find it. */
  isNamed(target: EgressTarget): boolean;
}

/** Ports where a request that looks like HTTP could command another service. */
const FOREIGN_PORTS = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 53, 69, 79, 110, 111, 119, 135, 137, 139, 143, 161,
  179, 389, 445, 465, 513, 514, 587, 993, 995, 2049, 2375, 2379, 3306, 5432, 6379, 9200, 11211, 27017,
]);

/** The egress policy of the server: public addresses only, and what the operator allows. */
export function createEgressPolicy(options: EgressOptions = {}): EgressPolicy {
  const { hosts, addresses } = readAllowed(options.allow ?? []);
  const resolveName = options.resolve ?? resolveByDns;
  const isListedHost = (host: string, port: number) =>
    hosts.has(plainName(host)) || hosts.has(`${plainName(host)}:${String(port)}`);
  return {
    isNamed: ({ host, port, trusted }) => trusted || isListedHost(host, port),
    async resolve({ host, port, trusted, ssh = false }) {
      const name = plainName(host);
      const named = isListedHost(host, port);
      if (FOREIGN_PORTS.has(port) && !(ssh && port === 22) && !trusted && !named) {
        throw new AppError(
          "PermissionDenied",
          `Port ${String(port)} cannot be used for git. Check the repository's URL.`,
        );
      }
      const literal = isIP(name);
      const found = literal
        ? [{ address: name, family: literal === 6 ? 6 : 4 } as const]
        : await resolveName(name);
      if (found.length === 0) throw unresolved(name);
      for (const { address } of found) {
        const kind = addressKind(address);
        if (kind === "public" || isListed(addresses, address)) continue;
        if (kind === "private" && (trusted || named)) continue;
        throw denied(name, kind);
      }
      return found;
    },
  };
}

function plainName(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
}

function denied(host: string, kind: "private" | "metadata"): AppError {
  return new AppError(
    "PermissionDenied",
    kind === "metadata"
      ? `${host} resolves to a link-local or metadata address, which Switchyard never connects to.`
      : `${host} resolves to a private or loopback address. If it is your git server, an administrator can allow it with SWITCHYARD_EGRESS_ALLOW.`,
    { host },
  );
}

function unresolved(host: string, cause?: unknown): AppError {
  return new AppError(
    "RemoteUnreachable",
    `The name ${host} cannot be resolved (DNS). Check the repository's URL and the server's name resolution.`,
    { host, reason: "dns" },
    { cause },
  );
}

async function resolveByDns(host: string): Promise<ResolvedAddress[]> {
  try {
    const found = await lookup(host, { all: true, verbatim: true });
    return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
  } catch (cause) {
    throw unresolved(host, cause);
  }
}

/** An operator may name an address as it is written or the IPv4 address that it wraps. */
function isListed(list: Subnets, address: string): boolean {
  return list.has(address) || list.has(unwrap(address));
}

function readAllowed(allow: readonly string[]): { hosts: Set<string>; addresses: Subnets } {
  const hosts = new Set<string>();
  const subnets: string[] = [];
  for (const item of allow.map((text) => text.trim().toLowerCase()).filter((text) => text !== "")) {
    const [address = "", bits] = item.replace(/^\[([^\]]*)\]/, "$1").split("/");
    const family = isIP(address);
    if (family === 0) {
      if (bits !== undefined || !/^[a-z0-9._-]+(:\d{1,5})?$/.test(item)) {
        throw new AppError("InvalidRequest", `"${item}" is neither a CIDR nor a host that git may reach.`);
      }
      hosts.add(item.replace(/\.(?=:|$)/, ""));
      continue;
    }
    const most = family === 6 ? 128 : 32;
    const size = bits === undefined ? most : Number(bits);
    if (!Number.isInteger(size) || size < 0 || size > most) {
      throw new AppError("InvalidRequest", `"${item}" is not a valid CIDR.`);
    }
    subnets.push(`${address}/${String(size)}`);
  }
  return { hosts, addresses: new Subnets(subnets) };
}
