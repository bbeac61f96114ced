import { createContext, Script, type Context } from "node:vm";
import type { Matcher } from "@/lib/domain/form/validate";

const MAX_PATTERN = 1000;
const MAX_TEXT = 20_000;
const BUDGET_MS = 500;
// By the clock on the wall: on a machine with much else to do an honest pattern waits for its turn as well.
const ONCE_MS = 150;

const SCRIPT = new Script("new RegExp(pattern, 'u').test(text)");

function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}

/**
 * A matcher for patterns that somebody else wrote: each runs under a deadline that ends even a search that would
 * never end, and all of one form share a budget.
 */
export function boundedMatcher(budgetMs = BUDGET_MS): Matcher {
  let left = budgetMs;
  // Making one costs more than most searches, so all of a form share it, within their budget.
  let context: Context | undefined;
  return (pattern, text) => {
    if (pattern.length > MAX_PATTERN || text.length > MAX_TEXT || left <= 0) return "unclear";
    const start = performance.now();
    context ??= createContext(Object.create(null) as object, {
      codeGeneration: { strings: false, wasm: false },
    });
    Object.assign(context, { pattern, text });
    try {
      const found = SCRIPT.runInContext(context, {
        timeout: Math.max(1, Math.min(ONCE_MS, Math.ceil(left))),
      }) as unknown;
      return found === true ? "yes" : "no";
    } catch (error) {
      // No pattern at all, or one that does not come to an end: neither says anything about the text.
      if (isTimeout(error) || isSyntaxError(error)) return "unclear";
      throw error;
    } finally {
      left -= performance.now() - start;
    }
  };
}

// It comes from the other context, whose classes are not ours.
function isSyntaxError(error: unknown): boolean {
  return typeof error === "object" && error !== null && "name" in error && error.name === "SyntaxError";
}
