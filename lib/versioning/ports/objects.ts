import type { GitObject, ObjectType } from "@/lib/archive/git-object";
import type { Oid } from "@/lib/domain/workspace";

export type { GitObject, ObjectType };

/** Where a repository session finds objects that the remote does not have: the platform's database. */
export interface ObjectSource {
  /** The objects found among `oids`; what is not known is absent from the map. */
  readObjects(oids: readonly Oid[]): Promise<Map<Oid, GitObject>>;
}
