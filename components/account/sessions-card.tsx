"use client";

import { own } from "@/lib/domain/own";
import { toast } from "sonner";
import { leaveFor, toApiError } from "@/lib/client/api";
import { useEndSession, useEndSessions, useSessions } from "@/lib/client/access";
import type { SessionView } from "@/lib/domain/access";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { Card, CardHeader } from "@/components/ui/text";
import { RelativeTime } from "@/components/ui/time";

const METHODS: Record<string, string> = {
  password: "with the password",
  link: "with a sign-in link",
  oidc: "with the identity provider",
};

/** A browser's own description, shortened to what a person recognises. */
function browserOf(userAgent: string | undefined): string {
  if (!userAgent) return "Unknown browser";
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(userAgent)?.[1] ?? userAgent.slice(0, 40);
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(userAgent)?.[1];
  return system ? `${browser} on ${system}` : browser;
}

/** Where the user is signed in, with the ways out. */
export function SessionsCard() {
  const { data: sessions, error, refetch } = useSessions();
  const endAll = useEndSessions();
  const fail = (problem: unknown) =>
    toast.error("No session was ended", { description: toApiError(problem).message });
  return (
    <Card>
      <CardHeader title="Signed in">
        <Button
          size="sm"
          disabled={(sessions?.length ?? 0) < 2}
          onClick={() => {
            endAll.mutate(
              { everywhere: false },
              { onSuccess: () => toast.success("The other sessions ended"), onError: fail },
            );
          }}
        >
          Sign out elsewhere
        </Button>
        <Button
          size="sm"
          variant="danger-quiet"
          onClick={() => {
            endAll.mutate(
              { everywhere: true },
              {
                onSuccess: () => {
                  leaveFor("/sign-in");
                },
                onError: fail,
              },
            );
          }}
        >
          Sign out everywhere
        </Button>
      </CardHeader>
      {error && !sessions ? (
        <ErrorPanel className="m-4" error={toApiError(error)} onRetry={() => void refetch()} />
      ) : !sessions ? (
        <SkeletonRows rows={2} label="Loading sessions" />
      ) : (
        <ul>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function SessionRow({ session }: { session: SessionView }) {
  const end = useEndSession();
  const { id, current, createdAt, lastSeenAt, method, address, userAgent } = session;
  const browser = browserOf(userAgent);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {browser}
          {current && <Badge tone="success">this one</Badge>}
        </p>
        <p className="mt-0.5 text-xs text-muted">
          {address && <span className="font-mono">{address} · </span>}
          Since <RelativeTime at={createdAt} /> {method && own(METHODS, method)}
          {lastSeenAt && (
            <>
              {" · last seen "}
              <RelativeTime at={lastSeenAt} />
            </>
          )}
        </p>
      </div>
      {!current && (
        <Button
          size="sm"
          busy={end.isPending}
          aria-label={`End the session of ${browser}`}
          onClick={() => {
            end.mutate(id, {
              onSuccess: () => toast.success("The session ended"),
              onError: (error) => toast.error("The session was not ended", { description: error.message }),
            });
          }}
        >
          End
        </Button>
      )}
    </li>
  );
}
