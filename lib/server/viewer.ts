import type { Initiator } from "@/lib/domain/operation";

/** Who asks, as the request, the start-up import or a schedule made it known. Holds no credential. */
export interface Viewer {
  user: {
    id: string;
    email: string;
    firstName: string;
    lastName: string;
    superAdmin: boolean;
    /** Groups that the OIDC provider named. */
    groups?: readonly string[];
  };
  sessionId?: string;
  /** When the session ends. */
  sessionExpiresAt?: string;
  /** The access token used instead of a session. */
  tokenId?: string;
  /** When the token expires, where it does. */
  tokenExpiresAt?: string;
  /** What the token may be used for; absent: nothing is narrowed. */
  scopes?: readonly string[];
  /** Where the request came from. */
  address?: string;
  initiator: Initiator;
  correlationId: string;
}

/** The one who acts when nobody is signed in: start-up import, housekeeping and the demo. */
export function systemViewer(initiator: Initiator, correlationId: string): Viewer {
  return {
    user: {
      id: "system",
      email: "switchyard@localhost",
      firstName: "Switchyard",
      lastName: "",
      superAdmin: true,
    },
    initiator,
    correlationId,
  };
}
