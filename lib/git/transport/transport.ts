export type Service = "git-upload-pack" | "git-receive-pack";

/** One request to a git service and its answer. */
export interface Exchange {
  service: Service;
  /** The request's bytes; null asks for the service's advertisement. */
  body: readonly Buffer[] | null;
  /** Asks for protocol version 2. */
  version2: boolean;
  /** Refuses an answer of more bytes than this. */
  maxBytes: number;
  /** Does not reuse a connection: one that idled during long work may have been closed by the other side. */
  fresh?: boolean;
  /** Must see the refs as they are now: a service that runs on may remember those of its first answer. */
  current?: boolean;
}

/**
 * A way to a git service. One exchange at a time, in order, so that a transport may keep one channel open for all.
 * Failures are RemoteUnreachable, RemoteAuthFailed, RemoteNotFound, or the reason of the signal.
 */
export interface GitTransport {
  /** Each exchange is a request of its own; else services stay open between them. */
  readonly isStateless?: boolean | undefined;
  exchange(exchange: Exchange): AsyncIterable<Buffer>;
  /** The address that the server redirected to, once it did. */
  readonly movedTo?: string | undefined;
  close(): void;
}
