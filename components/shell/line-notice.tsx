"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { LogIn, WifiOff } from "lucide-react";
import { request } from "@/lib/client/api";
import { clockTime } from "@/lib/client/format";
import { useLine } from "@/lib/client/stream/line";
import { Button, buttonClass } from "@/components/ui/button";

const ASK_EVERY_MS = 4000;

/** Says that the server does not respond, or that the session ended while there was unsaved text; disappears when that is over. */
export function LineNotice() {
  const line = useLine();
  const client = useQueryClient();
  const wasLost = useRef(false);
  useEffect(() => {
    if (line.state === "up" && wasLost.current) void client.invalidateQueries();
    wasLost.current = line.state !== "up";
    if (line.state !== "lost") return;
    const timer = setInterval(() => {
      // The request itself reports its result.
      if (!document.hidden) request("/healthz").catch(() => undefined);
    }, ASK_EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [client, line.state]);
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-3 top-3 z-60 flex justify-center print:hidden"
    >
      {line.state !== "up" && (
        <div className="pointer-events-auto flex max-w-2xl animate-rise flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-warning-line bg-raised py-2 pr-2 pl-3.5 text-sm shadow-pop">
          {line.state === "lost" ? (
            <>
              <WifiOff aria-hidden className="size-4 shrink-0 text-warning" />
              <p className="min-w-0 flex-1 basis-60 text-pretty">
                <span className="font-medium">
                  The server has not responded since {clockTime(line.since)}.
                </span>{" "}
                <span className="text-soft">What you see may be out of date.</span>
              </p>
              <Button size="sm" onClick={() => void client.refetchQueries({ type: "active" })}>
                Try now
              </Button>
            </>
          ) : (
            <>
              <LogIn aria-hidden className="size-4 shrink-0 text-warning" />
              <p className="min-w-0 flex-1 basis-60 text-pretty">
                <span className="font-medium">Your session has ended.</span>{" "}
                <span className="text-soft">
                  What you typed is still here. Sign in on another tab, then save it.
                </span>
              </p>
              <a href="/sign-in" target="_blank" rel="noreferrer" className={buttonClass({ size: "sm" })}>
                Sign in
              </a>
            </>
          )}
        </div>
      )}
    </div>
  );
}
