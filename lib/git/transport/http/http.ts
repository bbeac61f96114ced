import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { Readable } from "node:stream";
import { rootCertificates } from "node:tls";
import { AppError } from "@/lib/domain/error";
import type { RepositoryAuth } from "@/lib/domain/repository";
import { connectionError } from "../connection-errors";
import { Deadlines, slices } from "../deadlines";
import type { EgressPolicy, ResolvedAddress } from "../egress";
import { pinned } from "../pinned";
import { statusError } from "./http-errors";
import type { Exchange, GitTransport, RemoteTimeouts } from "../transport";

export interface HttpTransportOptions {
  url: URL;
  auth: RepositoryAuth;
  ca?: string;
  /** The operator chose this host, so it may be a private address. */
  trusted: boolean;
  egress: EgressPolicy;
  timeouts: RemoteTimeouts;
  signal: AbortSignal;
}

/**
 * Git's smart HTTP. The host is resolved and checked once; every connection goes to those addresses. Redirects are
 * not followed, so the credentials reach this origin only.
 */
export class HttpTransport implements GitTransport {
  readonly #options: HttpTransportOptions;
  readonly #client: typeof http | typeof https;
  readonly #agent: http.Agent;
  readonly #port: number;
  readonly #host: string;
  #addresses: Promise<ResolvedAddress[]> | undefined;

  constructor(options: HttpTransportOptions) {
    const secure = options.url.protocol === "https:";
    this.#options = options;
    this.#client = secure ? https : http;
    // Connections are kept for the requests of one session only.
    this.#agent = new this.#client.Agent({ keepAlive: true, maxSockets: 2 });
    this.#port = Number(options.url.port) || (secure ? 443 : 80);
    this.#host = options.url.hostname.replace(/^\[|\]$/g, "");
    if (options.auth.kind === "sshkey") {
      throw new AppError(
        "InvalidRequest",
        "An SSH key cannot sign in to an http address. Use auth.user and auth.password.",
      );
    }
  }

  async *exchange(exchange: Exchange): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* this.#converse(exchange);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      yield* this.#converse({ ...exchange, fresh: true });
    }
  }

  async *#converse(exchange: Exchange): AsyncGenerator<Buffer, void, undefined> {
    const { signal, timeouts, egress, trusted } = this.#options;
    signal.throwIfAborted();
    this.#addresses ??= egress.resolve({ host: this.#host, port: this.#port, trusted });
    const addresses = await this.#addresses;
    const request = this.#client.request(this.#requestOptions(exchange, addresses));
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
      const refusal = this.#refusal(response, exchange);
      if (refusal) throw refusal;
      let received = 0;
      for await (const chunk of response as AsyncIterable<Buffer>) {
        deadlines.moved(chunk.length);
        received += chunk.length;
        if (received > exchange.maxBytes) throw answerTooLarge(exchange.maxBytes);
        yield chunk;
      }
      whole = true;
    } catch (error) {
      signal.throwIfAborted();
      if (ended) throw ended;
      if (request.reusedSocket && !answered) throw new StaleConnection();
      const peer = { host: this.#host, port: this.#port, address: addresses[0]?.address ?? this.#host };
      throw await connectionError(error, peer, timeouts.connectMs);
    } finally {
      deadlines.stop();
      if (!whole) request.destroy();
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #requestOptions(exchange: Exchange, addresses: ResolvedAddress[]): https.RequestOptions {
    const { url, auth, ca, signal } = this.#options;
    const path = url.pathname.replace(/\/+$/, "");
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
      path: body ? `${path}/${service}` : `${path}/info/refs?service=${service}`,
      headers,
      agent: exchange.fresh ? false : this.#agent,
      lookup: pinned(addresses),
      signal,
      ...(isIP(this.#host) ? {} : { servername: this.#host }),
      // Naming a CA replaces the default ones, so they are named too.
      ...(ca === undefined ? {} : { ca: [ca, ...rootCertificates] }),
    };
  }

  #send(request: http.ClientRequest, exchange: Exchange, deadlines: Deadlines): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      // Stays for the whole exchange: an error after the answer began reaches the reader through its stream.
      request.on("error", reject);
      request.once("response", resolve);
      request.once("socket", (socket) => {
        if (!socket.connecting) deadlines.connected();
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
    const refusal = statusError(response.statusCode ?? 0, service, response.headers.location);
    if (refusal) return refusal;
    const encoding = response.headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") {
      return new AppError(
        "RemoteUnreachable",
        "The remote compresses its answer although it was asked not to. Check the proxy in front of the git server.",
      );
    }
    const expected = `application/x-${service}-${body ? "result" : "advertisement"}`;
    if (response.headers["content-type"]?.split(";")[0]?.trim() === expected) return null;
    return new AppError(
      "RemoteNotFound",
      "The URL answers, but not as a git repository (a sign-in page, perhaps). Check that it is the address to clone from.",
    );
  }
}

/** A connection that we kept was closed by the other side before it answered: long work lay between two requests. */
class StaleConnection extends Error {}

function answerTooLarge(limit: number): AppError {
  return new AppError("TooLarge", `The remote's answer has more than ${String(limit)} bytes.`, { limit });
}
