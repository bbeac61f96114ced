import { AppError } from "@/lib/domain/error";

/** What all conversations of a process may hold in memory of what remotes sent them. */
export class MemoryBudget {
  #held = 0;

  constructor(private readonly bytes: number) {}

  /** The share of one conversation, which may be this large. */
  open(bytes: number): MemoryAccount {
    return new MemoryAccount(bytes, (change) => {
      if (change > 0 && this.#held + change > this.bytes) throw busy(this.bytes);
      this.#held += change;
    });
  }
}

/** What one conversation holds. */
export class MemoryAccount {
  #held = 0;

  constructor(
    private readonly bytes: number,
    private readonly change: (bytes: number) => void,
  ) {}

  /** Throws TooLarge beyond the conversation's own limit, TooManyRequests beyond that of the process. */
  take(bytes: number): void {
    if (this.#held + bytes > this.bytes) throw tooMuch(this.bytes);
    this.change(bytes);
    this.#held += bytes;
  }

  /** Gives everything back. */
  close(): void {
    this.change(-this.#held);
    this.#held = 0;
  }
}

function tooMuch(limit: number): AppError {
  return new AppError(
    "TooLarge",
    `The remote sent more than one operation can hold in memory (${megabytes(limit)}). If the repository is that large, raise SWITCHYARD_LIMIT_REMOTE_BYTES, or let its server offer partial fetches (uploadpack.allowFilter).`,
    { limit },
  );
}

function busy(limit: number): AppError {
  return new AppError(
    "TooManyRequests",
    `Running operations use all the memory set aside for git remotes (${megabytes(limit)}). Try again when they have finished, or raise SWITCHYARD_LIMIT_REMOTE_MEMORY_BYTES.`,
    { limit },
  );
}

function megabytes(bytes: number): string {
  return `${String(Math.round(bytes / 1024 / 1024))} MiB`;
}
