import { AppError, diskError } from "@/lib/domain/error";

/** Prisma's codes for a database that cannot be reached, is too busy, or took longer than we wait. */
const UNAVAILABLE = new Set([
  "P1000",
  "P1001",
  "P1002",
  "P1003",
  "P1008",
  "P1017",
  "P2024",
  "P2028",
  "P2037",
]);
const UNAVAILABLE_KINDS = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
  "AuthenticationFailed",
  "DatabaseDoesNotExist",
]);
/** PostgreSQL's classes for lost connections, a shutdown, and a lack of resources. */
const UNAVAILABLE_STATES = /^(08|53|57P|58)/;

interface DriverFailure {
  kind?: unknown;
  originalCode?: unknown;
  code?: unknown;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}

function driverFailure(error: unknown): DriverFailure {
  const known = error as {
    cause?: DriverFailure;
    meta?: { driverAdapterError?: { cause?: DriverFailure } };
  } | null;
  return known?.meta?.driverAdapterError?.cause ?? known?.cause ?? {};
}

/** Two transactions met; the same work may well succeed when it is done again. */
export function isRetryable(error: unknown): boolean {
  const { kind } = driverFailure(error);
  // A unique value taken between our look and our insert: the next look finds it and says so properly.
  return (
    codeOf(error) === "P2034" ||
    codeOf(error) === "P2002" ||
    kind === "TransactionWriteConflict" ||
    kind === "UniqueConstraintViolation"
  );
}

const AWAY = /^(ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)/;
const HINDERED = /^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|PROTOCOL|NOMEM)/;

/** Whether a database that was reached, or could not be, failed us for the moment. */
function isUnavailable(error: unknown, kind: unknown, state: string): boolean {
  const code = codeOf(error) ?? "";
  return (
    UNAVAILABLE.has(code) ||
    (typeof kind === "string" && UNAVAILABLE_KINDS.has(kind)) ||
    UNAVAILABLE_STATES.test(state) ||
    AWAY.test(code) ||
    HINDERED.test(code) ||
    HINDERED.test(state) ||
    (error instanceof Error &&
      /^Connection terminated|timeout exceeded when trying to connect/.test(error.message))
  );
}

/** An error of the database as the product knows it; everything else stays what it is. */
export function translate(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { kind, originalCode, code } = driverFailure(error);
  const state =
    typeof originalCode === "string" ? originalCode : typeof code === "string" ? code : (codeOf(error) ?? "");
  const disk = diskError(state, error);
  if (disk) return disk;
  if (!isUnavailable(error, kind, state)) return error;
  return new AppError(
    "Unavailable",
    "The database does not respond. Nothing was changed; try again in a moment.",
    { retryAfter: 5 },
    { cause: error },
  );
}
