import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "ssh2";
import { AppError } from "@/lib/domain/error";
import { ProtocolError } from "../../protocol/pkt-line";
import { remoteText } from "../../protocol/remote-text";
import { Deadlines } from "@/lib/net/deadlines";
import type { Exchange, GitTransport, Service } from "../transport";
import { openSsh, type SshOptions } from "./connection";
import { CannotStart, GitService, NotGit } from "./git-service";
import { serviceError } from "./ssh-errors";

const LEAVE_MS = 1000;
/** Where another service cannot begin before the one that waited is over. */
const END_MS = 10_000;
const MAX_STARTS = 6;
const START_AGAIN_MS = 50;

/**
 * Git over SSH: one connection for a session, and on it one service for each conversation. A service of version 2 is
 * asked again and again; one of an older version answers once.
 */
export class SshTransport implements GitTransport {
  readonly #services = new Map<Service, GitService>();
  #client: Client | undefined;
  /** The service of the exchange at hand. */
  #asked: GitService | undefined;
  /** One that was ended within its answer, until the server knows. */
  #leaving: GitService | undefined;
  /** The server runs one service at a time on a connection. */
  #isSingle = false;
  #isClosed = false;

  constructor(private readonly options: SshOptions) {}

  async *exchange(exchange: Exchange): AsyncGenerator<Buffer, void, undefined> {
    const { signal, timeouts, address } = this.options;
    signal.throwIfAborted();
    const client = await this.#connect();
    let ended: unknown;
    let isWhole = false;
    let hasFailed = false;
    const end = (reason: unknown) => {
      ended ??= reason;
      this.#drop();
    };
    const deadlines = new Deadlines(address.host, timeouts, end);
    const onAbort = () => {
      end(signal.reason);
    };
    signal.addEventListener("abort", onAbort);
    try {
      deadlines.connected();
      yield* this.#converse(client, exchange, deadlines);
      isWhole = true;
    } catch (error) {
      hasFailed = true;
      signal.throwIfAborted();
      throw ended ?? this.#translate(error);
    } finally {
      deadlines.stop();
      signal.removeEventListener("abort", onAbort);
      // What is left of an answer would be taken for the next one; an advertisement is read on later.
      if (hasFailed || (!isWhole && exchange.body !== null)) this.#abandon();
    }
    // A destroyed connection ends its streams without an error.
    if (ended !== undefined) throw ended as Error;
  }

  close(): void {
    this.#isClosed = true;
    for (const service of this.#services.values()) service.end();
    this.#services.clear();
    this.#client?.end();
    this.#client = undefined;
  }

  async #connect(): Promise<Client> {
    if (this.#client) return this.#client;
    const client = await openSsh(this.options);
    if (this.#isClosed) {
      client.destroy();
      throw new AppError("Cancelled", "The conversation with the remote was ended.");
    }
    const forget = () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#services.clear();
    };
    client.once("close", forget);
    client.removeAllListeners("error");
    client.on("error", forget);
    this.#client = client;
    return client;
  }

  async *#converse(
    client: Client,
    exchange: Exchange,
    deadlines: Deadlines,
  ): AsyncGenerator<Buffer, void, undefined> {
    const { body, maxBytes } = exchange;
    const service = await this.#service(client, exchange);
    this.#asked = service;
    let received = 0;
    const counted = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        deadlines.moved(chunk.length);
        received += chunk.length;
        if (received > maxBytes) throw answerTooLarge(maxBytes);
        yield chunk;
      }
    };
    if (body === null) {
      // Kept before it is read: whoever reads only its beginning goes on with the same service.
      this.#services.set(exchange.service, service);
      yield* counted(service.advertisement());
      if (received === 0) throw await this.#failure(service);
      return;
    }
    for await (const _ of counted(service.advertisement()));
    if (!service.hasGreeted) throw await this.#failure(service);
    if (exchange.version2 && !service.speaksVersion2) {
      throw new ProtocolError("the server does not speak version 2");
    }
    received = 0;
    const sending = service.send(body, !service.speaksVersion2, (bytes) => {
      deadlines.moved(bytes);
    });
    sending.catch(() => undefined);
    yield* counted(service.answer());
    if (received === 0) throw await this.#failure(service);
    if (service.speaksVersion2) this.#services.set(exchange.service, service);
  }

  /** One that waits for a request, or a new one. */
  async #service(client: Client, { service: name, body, version2, current }: Exchange): Promise<GitService> {
    const waiting = this.#services.get(name);
    this.#services.delete(name);
    if (waiting && body !== null && waiting.isReady && !(current && waiting.isUsed)) return waiting;
    waiting?.end();
    // Dropbear refuses a service while it clears away another.
    await this.#gone(this.#leaving);
    this.#leaving = undefined;
    if (this.#isSingle) await this.#endWaiting();
    for (let attempt = 1; ; attempt++) {
      try {
        return await GitService.start(client, name, this.options.address.path, version2);
      } catch (error) {
        if (!(error instanceof CannotStart) || attempt > MAX_STARTS) throw error;
        // The server may allow one service at a time (MaxSessions 1). The others can be started anew at any point.
        this.#isSingle = true;
        await Promise.all([this.#gone(waiting, END_MS), this.#endWaiting()]);
        // It clears a service away a moment after it has said that it is over.
        await sleep(START_AGAIN_MS * attempt, undefined, { ref: false });
      }
    }
  }

  /** Ends the services that wait for a request. */
  async #endWaiting(): Promise<void> {
    const waiting = [...this.#services.values()];
    this.#services.clear();
    await Promise.all(
      waiting.map((service) => {
        service.end();
        return this.#gone(service, END_MS);
      }),
    );
  }

  /** Waits until the server has cleared a service away, but not for long. */
  async #gone(service: GitService | undefined, withinMs = LEAVE_MS): Promise<void> {
    if (service) await Promise.race([service.over(), sleep(withinMs, undefined, { ref: false })]);
  }

  async #failure(service: GitService): Promise<AppError> {
    await service.over();
    return serviceError(service.complaint, service.exitCode, this.options.address.host);
  }

  #translate(error: unknown): unknown {
    if (error instanceof AppError) return error;
    const { host } = this.options.address;
    if (error instanceof CannotStart && this.#client) {
      return new AppError(
        "RemoteAuthFailed",
        `The SSH server ${host} lets this account in but runs no git service for it (${remoteText(error.message)}). Check what the account is allowed to do there.`,
        { host },
        { cause: error },
      );
    }
    if (error instanceof NotGit) {
      return new AppError(
        "RemoteUnreachable",
        `The SSH server ${host} prints something other than git's response: “${error.message}”. If the account has a shell, its start-up files must print nothing for a session without a terminal; otherwise check that the account can run git.`,
        { host, reason: "shell" },
      );
    }
    return new AppError(
      "RemoteUnreachable",
      `The connection to ${host} was lost. Try again; if it keeps happening, check the SSH server's log.`,
      { host, reason: "connection" },
      { cause: error },
    );
  }

  #abandon(): void {
    this.#asked?.abandon();
    this.#leaving = this.#asked;
    this.#asked = undefined;
    for (const [name, service] of this.#services) if (!service.isReady) this.#services.delete(name);
  }

  #drop(): void {
    this.#client?.destroy();
    this.#client = undefined;
    this.#services.clear();
  }
}

function answerTooLarge(limit: number): AppError {
  return new AppError("TooLarge", `The remote's response has more than ${String(limit)} bytes.`, { limit });
}
