import http from "node:http";
import https from "node:https";
import { isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { AppError } from "@/lib/domain/error";
import type { SecretValue } from "@/lib/domain/repository";
import { Subnets } from "./addresses";

/** The proxy that https goes through, as the operator set it up. */
export interface ProxySettings {
  /** `http:` or `https:`, without credentials. */
  url: URL;
  credentials?: { user: string; password: SecretValue };
  /** Hosts, domains, addresses and CIDRs that are reached without it; `*` for all. */
  except: readonly string[];
}

export interface ProxyTarget {
  /** A name, or an address that egress allowed. */
  host: string;
  port: number;
}

/** The proxy to use for a host: none when the operator excepted it. */
export function proxyFor(
  settings: ProxySettings | undefined,
  { host, port }: ProxyTarget,
): ProxySettings | undefined {
  if (!settings) return undefined;
  const name = host.toLowerCase().replace(/\.$/, "");
  const isExcepted = settings.except.some((entry) => matches(entry.trim().toLowerCase(), name, port));
  return isExcepted ? undefined : settings;
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === "*") return true;
  const [address = "", bits] = entry.replace(/^\[([^\]]*)\]$/, "$1").split("/");
  if (isIP(address) > 0) {
    const isRange = bits !== undefined && /^\d+$/.test(bits);
    return isIP(host) > 0 && (isRange ? new Subnets([`${address}/${bits}`]).has(host) : address === host);
  }
  const [, named = entry, only] = /^(.*):(\d+)$/.exec(entry) ?? [];
  if (only !== undefined && Number(only) !== port) return false;
  const domain = named.replace(/^\*?\./, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

/** A connection through the proxy to the target. Throws RemoteUnreachable when the proxy cannot or will not. */
export function tunnel(proxy: ProxySettings, target: ProxyTarget, timeoutMs: number): Promise<Socket> {
  const where = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${String(target.port)}`;
  const client = proxy.url.protocol === "https:" ? https : http;
  const { credentials } = proxy;
  const token =
    credentials && Buffer.from(`${credentials.user}:${credentials.password.reveal()}`).toString("base64");
  return new Promise((resolve, reject) => {
    const request = client.request({
      host: proxy.url.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.url.port || (proxy.url.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: where,
      agent: false,
      headers: { host: where, ...(token === undefined ? {} : { "proxy-authorization": `Basic ${token}` }) },
      timeout: timeoutMs,
    });
    const fail = (problem: string, cause?: unknown) => {
      request.destroy();
      reject(
        new AppError(
          "RemoteUnreachable",
          `The proxy ${proxy.url.host} ${problem}`,
          { host: target.host, reason: "proxy" },
          { cause },
        ),
      );
    };
    request.once("connect", (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      const status = String(response.statusCode);
      fail(
        response.statusCode === 407
          ? "asks for credentials (407). Put the user and password in HTTPS_PROXY."
          : `does not connect to ${where} (HTTP ${status}). Allow it there, or add the host to NO_PROXY to connect directly.`,
      );
    });
    // A proxy answers CONNECT with a tunnel; a plain answer is that of another kind of server.
    request.once("response", (response) => {
      fail(`answered with HTTP ${String(response.statusCode)} instead of a tunnel. Check HTTPS_PROXY.`);
    });
    request.once("timeout", () => {
      fail(`did not connect to ${where} in time. Check HTTPS_PROXY and the proxy's network.`);
    });
    request.once("error", (error) => {
      fail("cannot be reached. Check HTTPS_PROXY and that the proxy is running.", error);
    });
    request.end();
  });
}

/** Makes connections to one target through a proxy. */
export class ProxyAgent extends https.Agent {
  constructor(
    private readonly proxy: ProxySettings,
    private readonly target: ProxyTarget,
    private readonly timeoutMs: number,
    options: https.AgentOptions,
  ) {
    super(options);
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Socket) => void,
  ): null {
    tunnel(this.proxy, this.target, this.timeoutMs).then(
      (socket) => callback?.(null, connectTls({ ...(options as ConnectionOptions), socket })),
      // Beside an error nobody looks at the stream that the types want.
      (error: unknown) => (callback as ((error: unknown) => void) | undefined)?.(error),
    );
    return null;
  }
}
