import { extensionOf } from "@/lib/domain/path";

function withoutExtension(path: string): string {
  const extension = extensionOf(path);
  return extension ? path.slice(0, -extension.length) : path;
}

/** Whether `pull.exclude` names this file: `index`, `security`, or `{folder}/{slug}`, exactly, without extension. */
export function isExcluded(path: string, exclude: readonly string[]): boolean {
  return exclude.includes(withoutExtension(path));
}
