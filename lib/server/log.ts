import pino, { type Logger } from "pino";
import type { Redactor } from "./redact";

/** A JSON log on standard output in which known secrets are hidden before a line is written. */
export function createLog(level: string, redactor: () => Redactor): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => redactor().value(fields) },
      serializers: { err: (error: unknown) => error, error: (error: unknown) => error },
      hooks: {
        logMethod(args, method) {
          const redacted = args.map((arg) => (typeof arg === "string" ? redactor().text(arg) : arg));
          method.apply(this, redacted as Parameters<typeof method>);
        },
      },
    },
    pino.destination({ dest: 1, sync: true }),
  );
}
