export type ObjectType = "blob" | "tree" | "commit" | "tag";

/** A git object without its header. */
export interface GitObject {
  type: ObjectType;
  bytes: Uint8Array;
}
