"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import { useState, type ReactNode } from "react";
import { Toaster } from "sonner";
import { ApiError } from "@/lib/client/api";

function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The server may be on this machine or network: a browser that has no internet still reaches it.
      mutations: { networkMode: "always" },
      queries: {
        networkMode: "always",
        staleTime: 5000,
        // A refusal stays a refusal; only a lost line is worth asking again.
        retry: (failures, error) => error instanceof ApiError && error.code === "Offline" && failures < 2,
      },
    },
  });
}

/** What every page needs: theme, server state and toasts. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [client] = useState(newClient);
  return (
    // Its script runs before the first paint, and has to be named to the browser.
    <ThemeProvider
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      {...(nonce === undefined ? {} : { nonce })}
    >
      <QueryClientProvider client={client}>
        {children}
        <Toaster
          position="bottom-right"
          gap={8}
          style={{ fontFamily: "inherit" }}
          visibleToasts={4}
          toastOptions={{
            unstyled: true,
            duration: 6000,
            classNames: {
              toast:
                "flex w-[calc(100vw-2rem)] items-start gap-2.5 rounded-lg bg-raised p-3.5 text-sm text-text shadow-pop sm:w-88",
              content: "min-w-0 flex-1",
              title: "font-medium text-pretty",
              description: "mt-0.5 text-pretty break-words text-muted",
              icon: "mt-0.5 size-4 shrink-0",
              success: "[&_[data-icon]]:text-success",
              error: "[&_[data-icon]]:text-danger",
              warning: "[&_[data-icon]]:text-warning",
              actionButton:
                "h-7 shrink-0 self-center rounded-md border border-line-strong px-2.5 text-xs font-medium hover:bg-hover",
            },
          }}
        />
      </QueryClientProvider>
    </ThemeProvider>
  );
}
