import type { ConnectionStep, ConnectionStepName } from "@/lib/domain/wire/connection";
import { AppError } from "@/lib/domain/error";

export type Finding = Omit<ConnectionStep, "number" | "step">;

/** The lines of a test, in order; after one that failed the rest is skipped. */
export class Steps {
  readonly lines: ConnectionStep[] = [];
  #hasFailed = false;

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Runs a step; an AppError becomes its failure, with what to do as the cure. */
  async run(step: ConnectionStepName, work: () => Finding | Promise<Finding>): Promise<void> {
    this.#add(step, await this.#find(work));
  }

  async #find(work: () => Finding | Promise<Finding>): Promise<Finding> {
    if (this.#hasFailed) return skipped("Not checked, because an earlier step failed.");
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "Cancelled") throw error;
      return failed(error);
    }
  }

  #add(step: ConnectionStepName, finding: Finding): void {
    if (finding.status === "failed") this.#hasFailed = true;
    this.lines.push({ number: this.lines.length + 1, step, ...finding });
  }
}

export function ok(message: string): Finding {
  return { status: "ok", message };
}

export function skipped(message: string): Finding {
  return { status: "skipped", message };
}

export function warning(message: string, cure: string): Finding {
  return { status: "warning", message, cure };
}

/** Messages say what happened in their first sentence, and what to do in the rest. */
function failed(error: AppError): Finding {
  const [, message = error.message, cure] = /^(.*?[.!?])\s+(?=[A-Z])(.*)$/s.exec(error.message) ?? [];
  const url = error.details?.url;
  return {
    status: "failed",
    message,
    ...(cure === undefined ? {} : { cure }),
    ...(typeof url === "string" ? { url } : {}),
  };
}
