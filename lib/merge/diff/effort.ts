/** Thrown when a comparison costs more than it may. */
export class TooMuchEffort extends Error {
  constructor() {
    super("Comparing these texts takes too long.");
  }
}

/** Counts elementary steps, so that hostile input ends a comparison at the same point on every machine. */
export class Effort {
  constructor(private left: number) {}

  /** Throws TooMuchEffort once the steps are used up. */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new TooMuchEffort();
  }
}
