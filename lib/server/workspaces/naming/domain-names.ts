import { domainToASCII } from "node:url";
import { AppError } from "@/lib/domain/error";

const MAX_DOMAINS = 50;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A host name as DNS knows it: lower case, ASCII. Throws InvalidRequest for what is not a public host name. */
export function parseDomain(text: string): string {
  const ascii = domainToASCII(text.trim().replace(/\.$/, "")).toLowerCase();
  const labels = ascii.split(".");
  const isName =
    ascii.length > 0 &&
    ascii.length <= 253 &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? "");
  if (isName) return ascii;
  throw new AppError(
    "InvalidRequest",
    `${JSON.stringify(text.slice(0, 100))} is not a domain name. Write it like app.example.com, without protocol or path.`,
    { domain: text.slice(0, 253) },
  );
}

/** The domains of a workspace, each once. Throws InvalidRequest. */
export function checkDomains(domains: readonly string[]): string[] {
  if (domains.length > MAX_DOMAINS)
    throw new AppError("InvalidRequest", `A workspace can have at most ${String(MAX_DOMAINS)} domains.`);
  return [...new Set(domains.map(parseDomain))];
}
