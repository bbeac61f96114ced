type Params = Readonly<Record<string, string | string[] | undefined>>;
type Entry = [name: string, value: string | string[] | undefined];

// More segments than any route file has before the rest of its path.
const MAX_HEAD = 20;

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
  if (value === segment || value === decoded(segment))
    for (const rest of assignments(others, later)) yield [`[${name}]`, ...rest];
  for (const rest of assignments(others, params)) yield [segment, ...rest];
}

/**
 * The path as its route file has it (`/v2/workspaces/[id]`): each parameter's value is replaced by its name. Where a
 * value is also a fixed part of the path there are several ways to read it; the leftmost comes first.
 */
export function patternsOf(pathname: string, params: Params): string[] {
  const segments = pathname.split("/");
  const entries = Object.entries(params);
  const rest = entries.find(([, value]) => Array.isArray(value));
  // The rest of the path takes as many segments as it has. A client chooses their number, so they are cut off before
  // anything is tried out.
  const taken = Array.isArray(rest?.[1]) ? rest[1].length : 0;
  const head = segments.slice(0, Math.max(0, segments.length - taken));
  if (head.length > MAX_HEAD) return [pathname];
  const single = entries.filter((entry) => entry !== rest);
  const tail = rest ? [`[...${rest[0]}]`] : [];
  const found = [...assignments(head, single)].map((parts) => [...parts, ...tail].join("/"));
  return found.length > 0 ? found : [pathname];
}
