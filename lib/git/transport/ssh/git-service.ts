import { once } from "node:events";
import type { Client, ClientChannel } from "ssh2";
import { remoteText } from "../../protocol/remote-text";
import { FLUSH } from "../../protocol/pkt-line";
import { slices } from "@/lib/net/deadlines";
import type { Service } from "../transport";
import { FlushFinder } from "./flush";

const MAX_COMPLAINT = 4000;
/** Of what is printed in place of an advertisement. */
const MAX_GREETING = 300;

/** One git service on the other side, from its advertisement to its end. */
export class GitService {
  readonly #bytes: AsyncIterator<Buffer, undefined>;
  readonly #greeting = new FlushFinder();
  #rest: Buffer = Buffer.alloc(0);
  #hasGreeted = false;
  #isUsed = false;
  #head: Buffer = Buffer.alloc(0);
  #complaint = "";
  #exitCode: number | null = null;
  #hasExited = false;
  #isOver = false;

  private constructor(private readonly channel: ClientChannel) {
    this.#bytes = (channel as AsyncIterable<Buffer, undefined>)[Symbol.asyncIterator]();
    channel.stderr.on("data", (chunk: Buffer) => {
      if (this.#complaint.length < MAX_COMPLAINT) this.#complaint += chunk.toString("utf8");
    });
    channel.on("exit", (code: number | null) => {
      this.#exitCode = code;
      this.#hasExited = true;
    });
    channel.once("close", () => {
      this.#isOver = true;
    });
    // The reader sees it as well; a service nobody reads from any more may end as it likes.
    channel.on("error", () => undefined);
  }

  /** Starts the service for a repository; the server may ignore that version 2 is asked for. */
  static start(client: Client, service: Service, path: string, version2: boolean): Promise<GitService> {
    return new Promise((resolve, reject) => {
      // The types take this for the environment of a Node process.
      const env = (version2 ? { GIT_PROTOCOL: "version=2" } : {}) as NodeJS.ProcessEnv;
      client.exec(`${service} ${quoted(path)}`, { env }, (error, channel) => {
        if (error) reject(new CannotStart(error.message));
        else resolve(new GitService(channel));
      });
    });
  }

  /** Waits for a request. */
  get isReady(): boolean {
    return !this.#hasExited && !this.#isOver;
  }

  /** False when it ended within its advertisement. */
  get hasGreeted(): boolean {
    return this.#hasGreeted;
  }

  /** Answered before, so that what it read of the repository then may be old. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Known once the advertisement was read. */
  get speaksVersion2(): boolean {
    return this.#head.toString("latin1", 4, 13) === "version 2";
  }

  get exitCode(): number | null {
    return this.#exitCode;
  }

  /** What it printed for people; whole once the service is over. */
  get complaint(): string {
    return remoteText(this.#complaint);
  }

  /** The advertisement, or what is left of it. */
  async *advertisement(): AsyncGenerator<Buffer, void, undefined> {
    while (!this.#hasGreeted) {
      const chunk = await this.#next();
      if (!chunk) return;
      if (this.#head.length < 16) {
        this.#head = Buffer.concat([this.#head, chunk]);
        if (!isGreeting(this.#head)) throw new NotGit(remoteText(this.#head.subarray(0, MAX_GREETING)));
      }
      yield this.#cut(chunk, this.#greeting, () => (this.#hasGreeted = true));
    }
  }

  /** Sends a request while its answer is read; answers a promise that never fails. */
  async send(body: readonly Buffer[], isLast: boolean, onSlice: (bytes: number) => void): Promise<void> {
    this.#isUsed = true;
    for (const slice of slices(body, onSlice)) {
      if (this.#isOver) return;
      if (!this.channel.write(slice)) await Promise.race([once(this.channel, "drain"), this.#closed()]);
    }
    if (isLast) this.channel.end();
  }

  /** The answer: up to the pause of a conversation of version 2, else up to the end of the service. */
  answer(): AsyncGenerator<Buffer, void, undefined> {
    return this.speaksVersion2 ? this.#untilFlush() : this.#untilEnd();
  }

  /** Says good-bye to a service that waits for the next request. */
  end(): void {
    if (this.#isOver) return;
    this.#letFlow();
    this.channel.end(FLUSH);
  }

  /** Ends a service whose answer nobody reads on. */
  abandon(): void {
    this.#letFlow();
    this.channel.close();
  }

  /** Reads on to nowhere: an unread channel stays open. */
  #letFlow(): void {
    // The iterator listens for something to read, which keeps the rest from flowing away.
    this.channel.removeAllListeners("readable");
    this.channel.resume();
  }

  /** Waits for the exit code and the last words. */
  async over(): Promise<void> {
    if (!this.#isOver) await this.#closed();
  }

  async #closed(): Promise<void> {
    if (!this.#isOver) await new Promise((resolve) => this.channel.once("close", resolve));
  }

  async *#untilFlush(): AsyncGenerator<Buffer, void, undefined> {
    const finder = new FlushFinder();
    let isPaused = false;
    while (!isPaused) {
      const chunk = await this.#next();
      if (!chunk) return;
      yield this.#cut(chunk, finder, () => (isPaused = true));
    }
  }

  /** The chunk up to the flush that ends what is read; the rest stays for the next reader. */
  #cut(chunk: Buffer, finder: FlushFinder, onFlush: () => void): Buffer {
    const end = finder.find(chunk);
    if (end < 0) return chunk;
    this.#rest = chunk.subarray(end);
    onFlush();
    return chunk.subarray(0, end);
  }

  async *#untilEnd(): AsyncGenerator<Buffer, void, undefined> {
    for (let chunk = await this.#next(); chunk; chunk = await this.#next()) yield chunk;
  }

  async #next(): Promise<Buffer | null> {
    if (this.#rest.length > 0) {
      const chunk = this.#rest;
      this.#rest = Buffer.alloc(0);
      return chunk;
    }
    return (await this.#bytes.next()).value ?? null;
  }
}

/** The server does not run the service at all. */
export class CannotStart extends Error {}

/** Something else than git prints first, such as a shell's start-up file; its message is that text. */
export class NotGit extends Error {}

/** Whether bytes can be the beginning of an advertisement: a packet's length, then a version, an error or a ref. */
function isGreeting(head: Buffer): boolean {
  const text = head.toString("latin1", 0, 12);
  if (!/^[0-9a-f]{0,4}$/i.test(text.slice(0, 4))) return false;
  const payload = text.startsWith("0000") ? "" : text.slice(4);
  if (/^[0-9a-f]*$/.test(payload)) return true;
  return ["version ", "ERR "].some((word) => word.startsWith(payload) || payload.startsWith(word));
}

/** A path as one word for the shell that most servers start, quoted as git itself does it. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`).replaceAll("!", String.raw`'\!'`)}'`;
}
