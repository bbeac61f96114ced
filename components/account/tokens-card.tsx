"use client";

import { useState } from "react";
import { KeyRound, Plus } from "lucide-react";
import { toast } from "sonner";
import { toApiError } from "@/lib/client/api";
import { useDeleteToken, useTokens } from "@/lib/client/access";
import { fullTime } from "@/lib/client/format";
import type { AccessTokenView } from "@/lib/domain/access";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { Card, CardHeader } from "@/components/ui/text";
import { RelativeTime } from "@/components/ui/time";
import { TokenDialog } from "./token-dialog";
import { FormDialog } from "@/components/ui/form/form-dialog";

/** The signed-in user's access tokens. */
export function TokensCard() {
  const { data: tokens, error, refetch } = useTokens();
  const [isCreating, setCreating] = useState(false);
  const [leaving, setLeaving] = useState<AccessTokenView | null>(null);
  const create = (
    <Button
      size="sm"
      onClick={() => {
        setCreating(true);
      }}
    >
      <Plus aria-hidden />
      New token
    </Button>
  );
  return (
    <Card>
      <CardHeader title="Access tokens">{create}</CardHeader>
      {error && !tokens ? (
        <ErrorPanel className="m-4" error={toApiError(error)} onRetry={() => void refetch()} />
      ) : !tokens ? (
        <SkeletonRows rows={2} label="Loading access tokens" />
      ) : tokens.length === 0 ? (
        <EmptyState icon={KeyRound} title="No access tokens">
          Scripts and pipelines use your tokens to sign in. Limit each token to what it needs.
        </EmptyState>
      ) : (
        <ul>
          {tokens.map((token) => (
            <TokenRow
              key={token.id}
              token={token}
              onRevoke={() => {
                setLeaving(token);
              }}
            />
          ))}
        </ul>
      )}
      {isCreating && <TokenDialog open onOpenChange={setCreating} />}
      {leaving && (
        <RevokeDialog
          token={leaving}
          onDone={() => {
            setLeaving(null);
          }}
        />
      )}
    </Card>
  );
}

function TokenRow({ token, onRevoke }: { token: AccessTokenView; onRevoke: () => void }) {
  const { name, scopes, createdAt, expiresAt, lastUsedAt } = token;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-1.5 font-medium">
          <span className="break-words">{name}</span>
          {scopes.map((scope) => (
            <Badge key={scope} tone="outline" className="font-mono">
              {scope === "*" ? "everything" : scope}
            </Badge>
          ))}
        </p>
        <p className="mt-0.5 text-xs text-muted">
          Created <RelativeTime at={createdAt} />
          {" · "}
          {lastUsedAt ? (
            <>
              used <RelativeTime at={lastUsedAt} />
            </>
          ) : (
            "never used"
          )}
          {" · "}
          {expiresAt ? `expires ${fullTime(expiresAt)}` : "does not expire"}
        </p>
      </div>
      <Button size="sm" variant="danger-quiet" aria-label={`Revoke ${name}`} onClick={onRevoke}>
        Revoke
      </Button>
    </li>
  );
}

function RevokeDialog({ token, onDone }: { token: AccessTokenView; onDone: () => void }) {
  const remove = useDeleteToken();
  return (
    <FormDialog
      onClose={onDone}
      title={`Revoke ${token.name}?`}
      description="Anything that uses this token loses access immediately. This cannot be undone."
      width="sm"
      submit="Revoke token"
      onSubmit={() => {
        remove.mutate(token.id, {
          onSuccess: () => {
            toast.success(`${token.name} was revoked`);
            onDone();
          },
        });
      }}
      danger
      keep="Keep it"
      busy={remove.isPending}
      error={remove.error}
      failure="The token was not revoked"
    />
  );
}
