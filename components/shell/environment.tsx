"use client";

import { createContext, useContext, type CSSProperties } from "react";

export interface Environment {
  name: string;
  color: string;
}

export const EnvironmentContext = createContext<Environment>({ name: "", color: "slate" });

/** Attributes that colour an element: a name of the palette, or a hexadecimal colour as it is. */
function colouring(color: string): { "data-environment": string; style?: CSSProperties } {
  return /^#[0-9a-f]{3,8}$/i.test(color)
    ? { "data-environment": "custom", style: { "--environment": color } as CSSProperties }
    : { "data-environment": color };
}

/** A line across the top in the environment's colour, so that production never looks like a sandbox. */
export function EnvironmentStripe({ environment }: { environment: Environment }) {
  return (
    <div
      aria-hidden
      {...colouring(environment.color)}
      className="sticky top-0 z-30 h-[3px] w-full shrink-0 bg-environment"
    />
  );
}

/** The environment by name, with its colour. */
export function EnvironmentName() {
  const { name, color } = useContext(EnvironmentContext);
  if (!name) return null;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 text-xs text-muted">
      <span aria-hidden {...colouring(color)} className="size-2 shrink-0 rounded-[3px] bg-environment" />
      <span className="sr-only">Environment: </span>
      <span className="truncate">{name}</span>
    </span>
  );
}
