import { AppError } from "@/lib/domain/error";

/** How deep lists and maps may nest: what is read is written again by recursion. */
const MAX_DEPTH = 64;

function unreadable(path: string, problem: string, cause?: unknown): AppError {
  return new AppError("UnreadableContent", `${path}: ${problem}`, { path, problem }, { cause });
}

function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end;
}

/** Refuses in valid JSON what its parser lets pass: endless depth and a key twice. */
function refuseTraps(text: string, path: string): void {
  const open: (Set<string> | null)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (isKey && keys) {
        const key = String(JSON.parse(text.slice(at, end + 1)));
        if (keys.has(key)) throw unreadable(path, `has the key ${JSON.stringify(key.slice(0, 200))} twice.`);
        keys.add(key);
      }
      isKey = false;
      at = end;
    } else if (character === "{" || character === "[") {
      isKey = character === "{";
      open.push(isKey ? new Set() : null);
      if (open.length > MAX_DEPTH)
        throw unreadable(path, `is nested deeper than ${String(MAX_DEPTH)} levels.`);
    } else if (character === "}" || character === "]") {
      open.pop();
      isKey = false;
    } else if (character === ",") isKey = open.at(-1) instanceof Set;
  }
}

/** The value of a JSON text, which may begin with a byte order mark. Throws UnreadableContent. */
export function parseJson(written: string, path: string): unknown {
  const text = written.replace(/^\ufeff/, "");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unknown";
    throw unreadable(path, `is not readable JSON: ${reason}`, cause);
  }
  refuseTraps(text, path);
  return value;
}
