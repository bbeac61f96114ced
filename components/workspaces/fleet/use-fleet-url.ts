"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { withQuery } from "@/lib/client/api";

const KEYS = ["status", "group", "search", "sort"] as const;

/** The fleet's filters in the address. */
export function useFleetUrl() {
  const router = useRouter();
  const path = usePathname();
  const params = useSearchParams();
  const filter = Object.fromEntries(KEYS.map((key) => [key, params.get(key) ?? undefined])) as Record<
    (typeof KEYS)[number],
    string | undefined
  >;
  // The published filter of the API is understood in a link as well.
  if (params.get("dirty") === "true") filter.status ??= "dirty";
  const href = (part: Partial<typeof filter>) => withQuery(path, { ...filter, ...part });
  return {
    filter,
    href,
    change: (part: Partial<typeof filter>) => {
      router.replace(href(part), { scroll: false });
    },
    /** The window that a link asks for. */
    asked: params.get("new") === "true" ? "new" : params.get("import") === "true" ? "import" : null,
  } as const;
}

export type FleetUrl = ReturnType<typeof useFleetUrl>;
