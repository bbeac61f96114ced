/** Rows of the fleet that one request brings. */
export const FLEET_PAGE = 200;

export interface FleetFilter {
  status?: string | undefined;
  group?: string | undefined;
  search?: string | undefined;
  sort?: string | undefined;
}

/** Names of what the server told, shared by the pages that send it along and the hooks that keep it fresh. */
export const keys = {
  me: ["me"],
  counts: ["fleet", "counts"],
  fleet: ({ status, group, search, sort = "name" }: FleetFilter) => [
    "fleet",
    "list",
    { status: status ?? "", group: group ?? "", search: search ?? "", sort },
  ],
  workspace: (slug: string) => ["workspace", slug],
} as const;
