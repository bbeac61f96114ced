import pino, { type DestinationStream, type Logger } from "pino";
import type { Redactor } from "./redact";

/** A JSON log on standard output in which known secrets are hidden before a line is written. */
export function createLog(
  level: string,
  redactor: () => Redactor,
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => redactor().value(fields) },
      serializers: { err: (error: unknown) => error, error: (error: unknown) => error },
    },
    // The whole line once more: the library adds text of its own, such as an error's message.
    { write: (line) => destination.write(redactor().line(line)) },
  );
}
