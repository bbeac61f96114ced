import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { rootCertificates } from "node:tls";
import { AppError } from "@/lib/domain/error";
import type { RepositoryAuth } from "@/lib/domain/repository";
import { connectionError, type Peer } from "@/lib/net/connection-errors";
import { Deadlines, slices } from "@/lib/net/deadlines";
import type { EgressPolicy, ResolvedAddress } from "@/lib/net/egress";
import { pinned } from "@/lib/net/pinned";
import { notAnAnswer, statusError } from "./http-errors";
import { ProxyAgent, proxyFor, type ProxySettings, type ProxyTarget, tunnel } from "@/lib/net/proxy";
import { MAX_REDIRECTS, readRedirect, redirectLoop } from "./redirect";
import type { RemoteTimeouts } from "@/lib/net/deadlines";
import type { Exchange, GitTransport } from "../transport";

export interface HttpTransportOptions {
  url: URL;
  auth: RepositoryAuth;
  ca?: string | undefined;
  /** Authorities that are trusted for every repository beside Node's own. */
  extraCa?: string | undefined;
  /** What https goes through. */
  proxy?: ProxySettings | undefined;
  /** The operator chose this host, so it may be a private address. */
  trusted: boolean;
  egress: EgressPolicy;
  timeouts: RemoteTimeouts;
  signal: AbortSignal;
}

/** Where connections go: to addresses that egress allowed, or through a proxy. */
interface Route {
  addresses: ResolvedAddress[];
  proxied: { proxy: ProxySettings; target: ProxyTarget } | null;
}

/** Answers of the kind 1xx before the real one. */
const MOST_PRELIMINARY = 20;
const KEPT = { keepAlive: true, maxSockets: 2 };

/**
 * Git's smart HTTP. The host is resolved and checked once; every connection goes to those addresses. The first request
 * may be redirected within its origin, no other is, so the credentials reach this origin only.
 */
export class HttpTransport implements GitTransport {
  readonly isStateless = true;
  readonly #options: HttpTransportOptions;
  readonly #client: typeof http | typeof https;
  #agent: http.Agent;
  readonly #port: number;
  readonly #host: string;
  #route: Promise<Route> | undefined;
  /** Below which the services are found; a redirect may change it. */
  #path: string;
  #movedTo: string | undefined;
  #hasAnswered = false;

  constructor(options: HttpTransportOptions) {
    const secure = options.url.protocol === "https:";
    this.#options = options;
    this.#client = secure ? https : http;
    this.#path = options.url.pathname.replace(/\/+$/, "");
    // Connections are kept for the requests of one session only.
    this.#agent = new this.#client.Agent(KEPT);
    this.#port = Number(options.url.port) || (secure ? 443 : 80);
    this.#host = options.url.hostname.replace(/^\[|\]$/g, "");
    if (options.auth.kind === "sshkey") {
      throw new AppError(
        "InvalidRequest",
        "An SSH key cannot sign in to an http address. Use auth.user and auth.password.",
      );
    }
  }

  get movedTo(): string | undefined {
    return this.#movedTo;
  }

  async *exchange(exchange: Exchange): AsyncGenerator<Buffer, void, undefined> {
    for (let redirects = 0; ; redirects++) {
      const status = yield* this.#onceMore(exchange);
      if (status === null) return;
      if (redirects === MAX_REDIRECTS) throw redirectLoop(status);
    }
  }

  async *#onceMore(exchange: Exchange): AsyncGenerator<Buffer, number | null, undefined> {
    try {
      return yield* this.#converse(exchange);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      return yield* this.#converse({ ...exchange, fresh: true });
    }
  }

  /** Answers the status of a redirect that was taken note of, so that the request can be made again; else null. */
  async *#converse(exchange: Exchange): AsyncGenerator<Buffer, number | null, undefined> {
    const { signal, timeouts } = this.#options;
    signal.throwIfAborted();
    this.#route ??= this.#findRoute();
    const route = await this.#route;
    const request = this.#client.request(this.#requestOptions(exchange, route));
    // The reason that ended the exchange outlives the errors that the streams make of it.
    let ended: AppError | undefined;
    let answered = false;
    let whole = false;
    const deadlines = new Deadlines(this.#host, timeouts, (error) => {
      ended = error;
      request.destroy(error);
    });
    try {
      const response = await this.#send(request, exchange, deadlines);
      answered = true;
      const status = response.statusCode ?? 0;
      if (status > 300 && status < 400) {
        this.#move(response, exchange, status);
        return status;
      }
      const refusal = this.#refusal(response, exchange);
      if (refusal) throw refusal;
      this.#hasAnswered = true;
      let received = 0;
      for await (const chunk of response as AsyncIterable<Buffer>) {
        deadlines.moved(chunk.length);
        received += chunk.length;
        if (received > exchange.maxBytes) throw answerTooLarge(exchange.maxBytes);
        yield chunk;
      }
      // An answer that ends with its connection ends in silence when it is we who closed that.
      signal.throwIfAborted();
      if (ended) throw ended;
      whole = true;
      return null;
    } catch (error) {
      signal.throwIfAborted();
      if (ended) throw ended;
      if (request.reusedSocket && !answered) throw new StaleConnection();
      throw await connectionError(error, this.#peer(route), timeouts.connectMs);
    } finally {
      deadlines.stop();
      if (!whole) request.destroy();
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Goes on at the path that a redirect names. Throws RemoteUnreachable when it may not be followed. */
  #move(response: IncomingMessage, exchange: Exchange, status: number): void {
    const from = new URL(this.#options.url.origin + this.#requestPath(exchange));
    // Without a discovery the first request of a session is one to read.
    const isFirst = exchange.body === null || (!this.#hasAnswered && exchange.service === "git-upload-pack");
    const { address, path } = readRedirect(from, response.headers.location, { ...exchange, status, isFirst });
    this.#path = path;
    this.#movedTo = address;
  }

  #requestPath({ service, body }: Exchange): string {
    return body ? `${this.#path}/${service}` : `${this.#path}/info/refs?service=${service}`;
  }

  /** Checks the host and decides how to get there. Throws PermissionDenied, RemoteUnreachable. */
  async #findRoute(): Promise<Route> {
    const { egress, trusted, timeouts, url } = this.#options;
    const target = { host: this.#host, port: this.#port, trusted };
    const proxy = url.protocol === "https:" ? proxyFor(this.#options.proxy, target) : undefined;
    if (!proxy) return { addresses: await egress.resolve(target), proxied: null };
    // A host that the operator named may be one that only the proxy can find; any other is checked, and the proxy is
    // asked for the very address that was.
    const isNamed = isIP(this.#host) === 0 && egress.isNamed(target);
    const [checked] = isNamed ? [] : await egress.resolve(target);
    const proxied = { proxy, target: { host: checked?.address ?? this.#host, port: this.#port } };
    this.#agent.destroy();
    this.#agent = new ProxyAgent(proxy, proxied.target, timeouts.connectMs, KEPT);
    return { addresses: [], proxied };
  }

  #peer({ addresses, proxied }: Route): Peer {
    const { connectMs } = this.#options.timeouts;
    return {
      host: this.#host,
      port: this.#port,
      address: addresses[0]?.address ?? this.#host,
      ...(proxied ? { dial: () => tunnel(proxied.proxy, proxied.target, connectMs) } : {}),
    };
  }

  #agentFor(fresh: boolean | undefined, { proxied }: Route): http.Agent | false {
    if (!fresh) return this.#agent;
    if (!proxied) return false;
    return new ProxyAgent(proxied.proxy, proxied.target, this.#options.timeouts.connectMs, {});
  }

  #requestOptions(exchange: Exchange, route: Route): https.RequestOptions {
    const { auth, ca, signal } = this.#options;
    const { service, body } = exchange;
    const headers: Record<string, string> = {
      "user-agent": "git/switchyard",
      "accept-encoding": "identity",
      accept: body ? `application/x-${service}-result` : "*/*",
    };
    if (exchange.version2) headers["git-protocol"] = "version=2";
    if (body) {
      headers["content-type"] = `application/x-${service}-request`;
      headers["content-length"] = String(body.reduce((sum, chunk) => sum + chunk.length, 0));
    }
    if (auth.kind === "password") {
      headers.authorization = `Basic ${Buffer.from(`${auth.user}:${auth.password.reveal()}`).toString("base64")}`;
    }
    return {
      host: this.#host,
      port: this.#port,
      method: body ? "POST" : "GET",
      path: this.#requestPath(exchange),
      headers,
      agent: this.#agentFor(exchange.fresh, route),
      lookup: pinned(route.addresses),
      signal,
      ...(isIP(this.#host) ? {} : { servername: this.#host }),
      // Naming a CA replaces the default ones, so they are named too.
      ...(ca === undefined ? {} : { ca: trustedWith(ca, this.#options.extraCa) }),
    };
  }

  #send(request: http.ClientRequest, exchange: Exchange, deadlines: Deadlines): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      // Stays for the whole exchange: an error after the answer began reaches the reader through its stream.
      request.on("error", reject);
      request.once("response", resolve);
      // A connection that ends in another way is told by no error.
      request.once("close", () => {
        reject(new Error("The connection was closed before the response."));
      });
      request.once("upgrade", (_response, socket: Duplex) => {
        socket.destroy();
        reject(notAnAnswer("another protocol (101)"));
      });
      let preliminary = 0;
      request.on("information", ({ statusCode }) => {
        if (++preliminary > MOST_PRELIMINARY)
          request.destroy(notAnAnswer(`nothing but ${String(statusCode)}`));
      });
      request.once("socket", (socket) => {
        if (!socket.connecting) deadlines.connected();
        // A kept socket has told it before, and would gather listeners.
        if (request.reusedSocket) return;
        const ready = this.#client === https ? "secureConnect" : "connect";
        socket.once(ready, () => {
          deadlines.connected();
        });
      });
      if (!exchange.body) {
        request.end();
        return;
      }
      Readable.from(
        slices(exchange.body, (bytes) => {
          deadlines.moved(bytes);
        }),
        { objectMode: false },
      ).pipe(request);
    });
  }

  #refusal(response: IncomingMessage, { service, body }: Exchange): AppError | null {
    const refusal = statusError(response.statusCode ?? 0, service);
    if (refusal) return refusal;
    const encoding = response.headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") {
      return new AppError(
        "RemoteUnreachable",
        "The remote compressed its response although it was asked not to. Check the proxy in front of the git server.",
      );
    }
    const expected = `application/x-${service}-${body ? "result" : "advertisement"}`;
    if (response.headers["content-type"]?.split(";")[0]?.trim() === expected) return null;
    return new AppError(
      "RemoteNotFound",
      "The URL responds, but not as a git repository (perhaps with a sign-in page). Check that it is the address to clone from.",
    );
  }
}

/** The authorities to trust when a repository names one of its own. */
export function trustedWith(ca: string, extraCa: string | undefined): string[] {
  return [ca, ...(extraCa === undefined ? [] : [extraCa]), ...rootCertificates];
}

/** A connection that we kept was closed by the other side before it answered: long work lay between two requests. */
class StaleConnection extends Error {}

function answerTooLarge(limit: number): AppError {
  return new AppError("TooLarge", `The remote's response has more than ${String(limit)} bytes.`, { limit });
}
