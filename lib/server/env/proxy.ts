import { SecretValue } from "@/lib/domain/repository";
import type { ProxySettings } from "@/lib/net/proxy";
import type { FileReader, Variables } from "./variables";

/** The proxy of HTTPS_PROXY and the exceptions of NO_PROXY, in either case as other programs read them. */
export function readProxy(variables: Variables): ProxySettings | undefined {
  const name = variables.raw("https_proxy") ? "https_proxy" : "HTTPS_PROXY";
  const text = variables.text(name);
  if (text === undefined) return undefined;
  const written = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(written) ? new URL(written) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    variables.problem(name, "must be the URL of a proxy, such as http://proxy.example.com:3128.");
    return undefined;
  }
  // As everywhere in a URL, what is special is written as a % sequence.
  const [user, password] = [url.username, url.password].map(decoded);
  const except = variables.list(variables.raw("no_proxy") ? "no_proxy" : "NO_PROXY");
  const plain = new URL(`${url.protocol}//${url.host}`);
  if (!user) return { url: plain, except };
  return { url: plain, credentials: { user, password: new SecretValue(password ?? "") }, except };
}

function decoded(text: string): string {
  return /%(?![0-9a-f]{2})/i.test(text) ? text : decodeURIComponent(text);
}

/** What Node itself reads at its start; one that it could not read either is left out, as Node does with a warning. */
export function readExtraCa(variables: Variables, readFile: FileReader): string | undefined {
  const path = variables.raw("NODE_EXTRA_CA_CERTS");
  if (!path) return undefined;
  try {
    return readFile(path);
  } catch {
    // Node warned about it at its start.
    return undefined;
  }
}
