/** One text during a comparison: its line numbers, and which lines have no partner in the other text. */
export interface Side {
  ids: Int32Array;
  changed: Uint8Array;
}

/** A range of one side's lines. */
export interface Span {
  side: Side;
  from: number;
  to: number;
}

export function newSide(ids: Int32Array): Side {
  return { ids, changed: new Uint8Array(ids.length) };
}
