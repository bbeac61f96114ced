import type { DomainStatus } from "@/lib/domain/wire/custom-domain";
import type { DomainResolver } from "@/lib/net/dns-resolver";

export interface Finding {
  status: DomainStatus;
  problem: string | null;
}

const MAX_CHAIN = 8;
const SECOND_LEVEL = new Set(["ac", "co", "com", "edu", "gov", "net", "org"]);

/** Whether nothing is below the registered name: such a domain cannot have a CNAME, and needs an ALIAS record. */
export function isRootDomain(domain: string): boolean {
  const labels = domain.split(".");
  if (labels.length === 2) return true;
  return labels.length === 3 && labels[2]?.length === 2 && SECOND_LEVEL.has(labels[1] ?? "");
}

function sameName(left: string, right: string): boolean {
  return left.toLowerCase().replace(/\.$/, "") === right.toLowerCase().replace(/\.$/, "");
}

const active: Finding = { status: "active", problem: null };

async function lookUp(resolver: DomainResolver, domain: string, pagesHost: string): Promise<Finding> {
  let name = domain;
  for (let step = 0; step < MAX_CHAIN; step++) {
    const [next] = await resolver.cname(name);
    if (next === undefined) break;
    if (sameName(next, pagesHost)) return active;
    name = next;
  }
  const [own, wanted] = await Promise.all([resolver.addresses(domain), resolver.addresses(pagesHost)]);
  if (own.length > 0 && own.every((address) => wanted.includes(address))) return active;
  if (name !== domain)
    return {
      status: "misconfigured",
      problem: `It points to ${name} instead of ${pagesHost}. Change the record.`,
    };
  if (own.length > 0)
    return {
      status: "misconfigured",
      problem: `It points to ${own.slice(0, 3).join(", ")}, but not to ${pagesHost}. Change the record.`,
    };
  return {
    status: "pending",
    problem: `There is no DNS record for ${domain} yet. New records can take up to a day to appear.`,
  };
}

/** How a domain stands: whether its record, or the chain of records behind it, leads to the pages host. */
export async function checkDomain(
  resolver: DomainResolver,
  { domain, status }: { domain: string; status: DomainStatus },
  pagesHost: string,
): Promise<Finding> {
  try {
    return await lookUp(resolver, domain, pagesHost);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    // Nothing was learnt about the domain itself, so it stays what it was.
    return { status, problem: `DNS did not respond (${code}). It is checked again soon.` };
  }
}
