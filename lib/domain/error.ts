/** Every error the product knows, with the HTTP status it is answered with. */
export const ERRORS = {
  InvalidRequest: 400,
  Unauthenticated: 401,
  PermissionDenied: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  SlugAlreadyInUse: 409,
  DirectoryAlreadyInUse: 409,
  DomainAlreadyInUse: 409,
  VersionAlreadyExists: 409,
  RemoteAhead: 409,
  MergeConflict: 409,
  RepositoryModeMismatch: 409,
  LockLost: 409,
  StalePlan: 409,
  IdempotencyKeyInUse: 409,
  Cancelled: 409,
  Interrupted: 409,
  PreconditionFailed: 412,
  TooLarge: 413,
  UnreadableContent: 422,
  IdempotencyKeyReused: 422,
  WorkspaceLocked: 423,
  TooManyRequests: 429,
  Internal: 500,
  RemoteUnreachable: 502,
  RemoteAuthFailed: 502,
  HostKeyChanged: 502,
  RemoteNotFound: 502,
  RemoteRejected: 502,
  Unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** The code of a stored error. */
export function errorCode(text: string): ErrorCode {
  return Object.hasOwn(ERRORS, text) ? (text as ErrorCode) : "Internal";
}

/** The flat shape in which an error leaves the process: in a response, an event or a summary. */
export interface ErrorBody {
  error: ErrorCode;
  message: string;
  details?: Record<string, unknown>;
}

/** The build puts copies of this module into several bundles of one process; they recognise each other by this mark. */
const MARK = Symbol.for("switchyard.AppError");

/** An expected failure: a code from the table, a sentence that says what to do next, and facts. */
export class AppError extends Error {
  readonly [MARK] = true;
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    details?: Record<string, unknown>,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "AppError";
    this.code = code;
    this.details = details;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // The mark says nothing about which kind of AppError it is.
    if (this !== AppError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && MARK in value;
  }

  get status(): number {
    return ERRORS[this.code];
  }

  toBody(): ErrorBody {
    return {
      error: this.code,
      message: this.message,
      ...(this.details ? { details: this.details } : {}),
    };
  }
}

/** The body of any thrown value; what is not an AppError says nothing about its inside. */
export function errorBody(thrown: unknown): ErrorBody {
  const error = known(thrown);
  if (error instanceof AppError) return error.toBody();
  return {
    error: "Internal",
    message: "Something went wrong inside Switchyard. The details are in the server's log.",
  };
}

const NO_ROOM = /^(ENOSPC|EDQUOT|SQLITE_FULL|53100)$/;
const READ_ONLY = /^(EROFS|SQLITE_READONLY.*|25006)$/;

/** What a system's or a database's code for a disk that takes no writes means; null for any other code. */
export function diskError(code: string, cause: unknown): AppError | null {
  const details = { retryAfter: 30 };
  if (NO_ROOM.test(code))
    return new AppError(
      "Unavailable",
      "The disk of the server or of its database is full, so nothing can be stored. You can still read. Make room, then try again.",
      details,
      { cause },
    );
  if (READ_ONLY.test(code))
    return new AppError(
      "Unavailable",
      "The database or its disk is read-only at the moment, so nothing can be stored. Try again when it is writable.",
      details,
      { cause },
    );
  return null;
}

/** Any thrown value as the product knows it: a system's word that its disk takes no writes is an AppError too. */
export function known(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  return (typeof code === "string" && diskError(code, error)) || error;
}

/** Stops on a broken assumption of our own; never used for bad input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}
