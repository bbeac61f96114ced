import { channel } from "node:diagnostics_channel";
import type { Exchange, GitTransport } from "./transport";

/** What is told of each exchange with a git remote: never where it went or as whom. */
export interface ExchangeFigures {
  service: Exchange["service"];
  sentBytes: number;
  receivedBytes: number;
}

export const GIT_EXCHANGES = "switchyard.git.exchange";
const exchanges = channel(GIT_EXCHANGES);

/** The same transport, telling whoever counts how much went each way. */
export function metered(transport: GitTransport): GitTransport {
  return {
    async *exchange(exchange) {
      const { service, body } = exchange;
      const sentBytes = (body ?? []).reduce((sum, chunk) => sum + chunk.length, 0);
      let receivedBytes = 0;
      try {
        for await (const chunk of transport.exchange(exchange)) {
          receivedBytes += chunk.length;
          yield chunk;
        }
      } finally {
        exchanges.publish({ service, sentBytes, receivedBytes } satisfies ExchangeFigures);
      }
    },
    isStateless: transport.isStateless,
    get movedTo() {
      return transport.movedTo;
    },
    close: () => transport.close(),
  };
}
