import { Resolver } from "node:dns/promises";

/** What a look at the DNS needs. Both answer nothing where there is no record, and throw where DNS does not answer. */
export interface DomainResolver {
  cname(name: string): Promise<string[]>;
  addresses(name: string): Promise<string[]>;
}

const NOT_THERE = new Set(["ENODATA", "ENOTFOUND", "NXDOMAIN"]);
const TIMEOUT_MS = 2000;

async function orNothing(look: Promise<string[]>): Promise<string[]> {
  try {
    return await look;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (NOT_THERE.has(code)) return [];
    throw error;
  }
}

/** Real look-ups, at the system's servers or at those given as `address:port`. */
export function dnsResolver(servers: readonly string[] = []): DomainResolver {
  // A new one for each look: a resolver keeps answers, and who asks has just changed the record.
  const fresh = () => {
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
    if (servers.length > 0) resolver.setServers(servers);
    return resolver;
  };
  return {
    cname: (name) => orNothing(fresh().resolveCname(name)),
    async addresses(name) {
      const resolver = fresh();
      const [four, six] = await Promise.all([
        orNothing(resolver.resolve4(name)),
        orNothing(resolver.resolve6(name)),
      ]);
      return [...four, ...six];
    },
  };
}
