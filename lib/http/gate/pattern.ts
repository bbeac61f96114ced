type Params = Readonly<Record<string, string | string[] | undefined>>;
type Entry = [name: string, value: string | string[] | undefined];

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

function* assignments(segments: readonly string[], params: readonly Entry[]): Generator<string[]> {
  const [segment, ...others] = segments;
  const [next, ...later] = params;
  if (segment === undefined || !next) {
    if (!next) yield [...segments];
    return;
  }
  const [name, value] = next;
  // The rest of the path, whatever its length.
  if (Array.isArray(value) && segments.length === value.length) yield [`[...${name}]`];
  if (value === segment || value === decoded(segment))
    for (const rest of assignments(others, later)) yield [`[${name}]`, ...rest];
  for (const rest of assignments(others, params)) yield [segment, ...rest];
}

/**
 * The path as its route file has it (`/v2/workspaces/[id]`): each parameter's value is replaced by its name. Where a
 * value is also a fixed part of the path there are several ways to read it; the leftmost comes first.
 */
export function patternsOf(pathname: string, params: Params): string[] {
  const found = [...assignments(pathname.split("/"), Object.entries(params))].map((parts) => parts.join("/"));
  return found.length > 0 ? found : [pathname];
}
