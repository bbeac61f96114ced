"use client";

import { useState, type ComponentProps, type ReactNode } from "react";
import { Dialog as Primitive } from "radix-ui";
import { X } from "lucide-react";
import { cn } from "@/lib/client/cn";
import { Button } from "./button";

export const DialogClose = Primitive.Close;

const WIDTHS = { sm: "sm:max-w-md", md: "sm:max-w-lg", lg: "sm:max-w-4xl" };

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  width?: keyof typeof WIDTHS | undefined;
  children: ReactNode;
  onOpenAutoFocus?: ComponentProps<typeof Primitive.Content>["onOpenAutoFocus"];
}

/**
 * The content of a window, which gives the focus back to what had it when the window opened. The primitive does so
 * only for triggers of its own; here windows are opened by state, and one may end by being taken away.
 */
export function WindowContent(props: ComponentProps<typeof Primitive.Content>) {
  // Read while rendering: a field with autoFocus takes the focus before any effect runs.
  const [opener] = useState(() => document.activeElement);
  return (
    <Primitive.Content
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        if (opener instanceof HTMLElement) opener.focus();
      }}
      {...props}
    />
  );
}

/** A modal window: a sheet from below on a phone, centred elsewhere; focus returns to where it came from. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  width = "md",
  children,
  onOpenAutoFocus,
}: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <WindowContent
          {...(description ? {} : { "aria-describedby": undefined })}
          {...(onOpenAutoFocus ? { onOpenAutoFocus } : {})}
          className={cn(
            "fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] w-full animate-rise flex-col rounded-t-xl bg-raised shadow-pop outline-none sm:inset-x-4 sm:top-[10vh] sm:bottom-auto sm:mx-auto sm:max-h-[80vh] sm:w-auto sm:rounded-xl",
            WIDTHS[width],
          )}
        >
          <header className="flex items-start gap-4 px-5 pt-5 pb-4">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="text-lg font-semibold tracking-tight text-pretty">
                {title}
              </Primitive.Title>
              {description && (
                <Primitive.Description className="mt-1 text-sm text-pretty text-muted">
                  {description}
                </Primitive.Description>
              )}
            </div>
            <Primitive.Close asChild>
              <Button variant="ghost" size="icon-sm" aria-label="Close" className="-mt-1 -mr-1.5">
                <X aria-hidden />
              </Button>
            </Primitive.Close>
          </header>
          {children}
        </WindowContent>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export function DialogBody({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("min-h-0 flex-1 overflow-y-auto px-5 pb-5", className)} {...props} />;
}

export function DialogFooter({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      className={cn(
        "flex flex-wrap items-center justify-end gap-2 border-t border-line bg-sunken px-5 py-3 sm:rounded-b-xl",
        className,
      )}
      {...props}
    />
  );
}
