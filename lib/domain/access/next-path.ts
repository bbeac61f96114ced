/**
 * Where to go after signing in: only a path of this console, for a link must not lead elsewhere. Browsers take a
 * backslash for a slash and leave tabs and line breaks out, so none of them may stand in it.
 */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?!\/)/.test(next) && !/[\t\r\n\\]/.test(next) ? next.slice(0, 2000) : "/";
}
