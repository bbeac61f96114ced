/** So long may work keep the event loop, in milliseconds, before others get a turn. */
const SLICE_MS = 10;

/** When the present turn of the event loop was first asked about; the operations of a process share it. */
let began: number | undefined;
let isScheduled = false;
const waiting: (() => void)[] = [];

function nextTurn(): void {
  began = undefined;
  isScheduled = false;
  // One at a time and in order: each has a whole slice, and what waits for the network comes in between.
  waiting.shift()?.();
  if (waiting.length > 0) schedule();
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(nextTurn);
}

/** True when the work of this turn, whoever's it was, has taken its time. */
function isDue(): boolean {
  if (began === undefined) {
    began = performance.now();
    schedule();
  }
  return performance.now() - began > SLICE_MS;
}

/** Lets others run when this turn has taken its time; answers at once otherwise. */
export async function breathe(): Promise<void> {
  if (isDue()) await nextSlice();
}

function nextSlice(): Promise<void> {
  return new Promise((resolve) => waiting.push(resolve));
}

/** Maps a list of any length, in slices. */
export async function mapInSlices<T, R>(items: Iterable<T>, map: (item: T) => R): Promise<R[]> {
  const mapped: R[] = [];
  for (const item of items) {
    mapped.push(map(item));
    if (isDue()) await nextSlice();
  }
  return mapped;
}

/** Keeps long work from holding up the event loop: ask `due` often, `rest` when it says so. */
export class Pace {
  constructor(private readonly signal?: AbortSignal) {}

  get due(): boolean {
    return isDue();
  }

  /** Lets others run. Throws the signal's reason once it is aborted. */
  async rest(): Promise<void> {
    await breathe();
    this.signal?.throwIfAborted();
  }
}
