"use client";

import { own } from "@/lib/domain/own";
import { useState } from "react";
import { Eye, EyeOff, KeyRound, Pencil, Plus, ShieldAlert, Trash2 } from "lucide-react";
import { toApiError } from "@/lib/client/api";
import { useSecrets } from "@/lib/client/settings/settings";
import type { SecretsView } from "@/lib/domain/wire/secrets";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorPanel, Notice, SkeletonRows } from "@/components/ui/states";
import { Card, CardHeader, Mono } from "@/components/ui/text";
import { DeleteSecretDialog, SecretDialog } from "./secret-dialogs";

interface SecretsCardProps {
  slug: string;
  workspace: WorkspaceDetail;
  permitted: boolean;
}

/** Secrets by name. A value is only shown to those who may manage security, and only when they ask. */
export function SecretsCard({ slug, workspace, permitted }: SecretsCardProps) {
  const { data, error, refetch } = useSecrets(slug, permitted);
  const [editing, setEditing] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<string | null>(null);
  const declared = Object.keys(workspace.secrets.schema ?? {});
  const names = [...new Set([...Object.keys(data ?? {}), ...declared])].sort();
  return (
    <Card aria-label="Secrets">
      <CardHeader title="Secrets">
        {permitted && (
          <Button
            size="sm"
            onClick={() => {
              setEditing("");
            }}
          >
            <Plus aria-hidden />
            Store a secret
          </Button>
        )}
      </CardHeader>
      {!permitted ? (
        <Notice tone="neutral" icon={ShieldAlert} className="m-4" title="You cannot see the secrets here">
          Only people who can manage security can see and change them.
          {declared.length > 0 && ` This workspace declares: ${declared.join(", ")}.`}
        </Notice>
      ) : error && !data ? (
        <ErrorPanel className="m-4" error={toApiError(error)} onRetry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={3} label="Loading the secrets" />
      ) : names.length === 0 ? (
        <EmptyState icon={KeyRound} title="No secrets yet" className="py-10">
          Store passwords and keys here, and use them as {"{{secret.name}}"}. They never reach git.
        </EmptyState>
      ) : (
        <ul>
          {names.map((name) => (
            <SecretRow
              key={name}
              name={name}
              secret={own(data, name)}
              onEdit={() => {
                setEditing(name);
              }}
              onDelete={() => {
                setDeleting(name);
              }}
            />
          ))}
        </ul>
      )}
      {editing !== null && (
        <SecretDialog
          slug={slug}
          name={editing}
          description={own(data, editing)?.description ?? ""}
          onClose={() => {
            setEditing(null);
          }}
        />
      )}
      {deleting !== null && (
        <DeleteSecretDialog
          slug={slug}
          name={deleting}
          onClose={() => {
            setDeleting(null);
          }}
        />
      )}
    </Card>
  );
}

interface SecretRowProps {
  name: string;
  secret: SecretsView[string] | undefined;
  onEdit: () => void;
  onDelete: () => void;
}

function SecretRow({ name, secret, onEdit, onDelete }: SecretRowProps) {
  const [shown, setShown] = useState(false);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2.5 last:border-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2">
          <Mono className="break-all">{name}</Mono>
          {secret?.environment && <Badge tone="outline">from the environment</Badge>}
          {!secret && <Badge tone="warning">declared, no value</Badge>}
        </p>
        {secret?.description && <p className="text-xs text-muted">{secret.description}</p>}
        {secret && (
          <p className="mt-0.5 font-mono text-xs break-all text-soft">{shown ? secret.value : "••••••••"}</p>
        )}
      </div>
      <div className="flex gap-1">
        {secret && (
          <Button
            variant="ghost"
            size="icon"
            aria-label={`${shown ? "Hide" : "Show"} ${name}`}
            aria-pressed={shown}
            onClick={() => {
              setShown(!shown);
            }}
          >
            {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          </Button>
        )}
        <Button variant="ghost" size="icon" aria-label={`Change ${name}`} onClick={onEdit}>
          <Pencil aria-hidden />
        </Button>
        {secret && !secret.environment && (
          <Button variant="ghost" size="icon" aria-label={`Delete ${name}`} onClick={onDelete}>
            <Trash2 aria-hidden />
          </Button>
        )}
      </div>
    </li>
  );
}
