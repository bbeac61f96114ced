"use client";

import type { ReactElement, ReactNode } from "react";
import { Tooltip as Primitive } from "radix-ui";

export const TooltipProvider = Primitive.Provider;

/** A word or two about a control that shows only an icon; never the sole place of a fact. */
export function Tooltip({
  text,
  children,
  side,
}: {
  text: ReactNode;
  children: ReactElement;
  side?: "top" | "right" | "bottom";
}) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side ?? "top"}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-72 animate-appear rounded-md bg-ink px-2 py-1 text-xs text-pretty text-on-ink"
        >
          {text}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
