import type { ProtocolMemory } from "../../protocol/conversation";
import type { PushFeatures } from "../../protocol/receive-pack";

/** What a server showed in earlier sessions, so that later ones need not ask again. */
export interface RemoteMemory extends ProtocolMemory {
  /** It offers filters but refuses those of trees. */
  refusesTreeFilters: boolean;
  /** It offers any object but gives only what refs lead to. */
  givesTipsOnly: boolean;
  push: PushFeatures | undefined;
  /** The tip has so many directories that reading all of them costs more than another request. */
  isLarge: boolean;
}

export function newRemoteMemory(): RemoteMemory {
  return {
    upload: undefined,
    refusesTreeFilters: false,
    givesTipsOnly: false,
    push: undefined,
    isLarge: false,
  };
}
