"use client";

import type { CSSProperties } from "react";
import { usePlatform } from "@/lib/client/queries";

/** Attributes that colour an element in this environment's colour. */
export function useEnvironment(): {
  name: string;
  attributes: { "data-environment": string; style?: CSSProperties };
} {
  const { data } = usePlatform();
  const { name, color } = data?.environment ?? { name: "", color: "slate" };
  const isHex = /^#[0-9a-f]{3,8}$/i.test(color);
  return {
    name,
    attributes: {
      "data-environment": isHex ? "custom" : color,
      ...(isHex ? { style: { "--environment": color } as CSSProperties } : {}),
    },
  };
}

/** A line across the top in the environment's colour, so that production never looks like a sandbox. */
export function EnvironmentStripe() {
  const { attributes } = useEnvironment();
  return <div aria-hidden {...attributes} className="h-[3px] w-full shrink-0 bg-environment" />;
}

/** The environment by name, with its colour. */
export function EnvironmentName() {
  const { name, attributes } = useEnvironment();
  if (!name) return null;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 text-xs text-muted">
      <span aria-hidden {...attributes} className="size-2 shrink-0 rounded-[3px] bg-environment" />
      <span className="sr-only">Environment: </span>
      <span className="truncate">{name}</span>
    </span>
  );
}
