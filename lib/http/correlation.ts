import { randomUUID } from "node:crypto";

export const CORRELATION_HEADER = "x-correlation-id";
export const OPERATION_HEADER = "x-operation-id";

/** The correlation id that came with a request when it has a sane form, else a new one. */
export function correlationIdOf(request: Request): string {
  const given = request.headers.get(CORRELATION_HEADER);
  return given !== null && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : randomUUID();
}
