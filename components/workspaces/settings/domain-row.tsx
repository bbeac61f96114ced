"use client";

import { useState } from "react";
import { CircleCheck, Clock3, Trash2, TriangleAlert } from "lucide-react";
import { useCheckDomain, useRemoveDomain } from "@/lib/client/settings/settings";
import type { CustomDomain, DomainStatus } from "@/lib/domain/wire/custom-domain";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ErrorPanel } from "@/components/ui/states";
import { CopyButton } from "@/components/ui/text";
import { RelativeTime } from "@/components/ui/time";
import { FormDialog } from "@/components/ui/form/form-dialog";

const STATUS: Record<DomainStatus, { tone: Tone; icon: typeof Clock3; word: string }> = {
  active: { tone: "success", icon: CircleCheck, word: "Active" },
  pending: { tone: "info", icon: Clock3, word: "Pending" },
  misconfigured: { tone: "danger", icon: TriangleAlert, word: "Misconfigured" },
};

interface DomainRowProps {
  slug: string;
  domain: CustomDomain;
  editable: boolean;
}

/** A domain, its state, and the DNS record it still needs. */
export function DomainRow({ slug, domain: own, editable }: DomainRowProps) {
  const check = useCheckDomain(slug);
  const [removing, setRemoving] = useState(false);
  const { domain, status, problem, checkedAt, record } = own;
  const { tone, icon, word } = STATUS[status];
  return (
    <li className="flex flex-col gap-2 border-b border-line px-4 py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="flex min-w-0 flex-1 basis-60 flex-wrap items-center gap-2">
          <span className="font-medium break-all">{domain}</span>
          <Badge tone={tone} icon={icon}>
            {word}
          </Badge>
          {checkedAt && (
            <span className="text-xs text-muted">
              checked <RelativeTime at={checkedAt} />
            </span>
          )}
        </p>
        {editable && (
          <div className="flex gap-1">
            <Button
              size="sm"
              busy={check.isPending}
              aria-label={`Check ${domain} now`}
              onClick={() => {
                check.mutate(domain);
              }}
            >
              Check now
            </Button>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={`Remove ${domain}`}
              onClick={() => {
                setRemoving(true);
              }}
            >
              <Trash2 aria-hidden />
            </Button>
          </div>
        )}
      </div>
      {problem && <p className="text-sm text-soft">{problem}</p>}
      {status !== "active" && (
        <p className="flex flex-wrap items-center gap-x-2 rounded-md bg-sunken px-3 py-1.5 font-mono text-xs">
          <span className="break-all">
            {record.name}. {record.type} {record.value}.
          </span>
          <CopyButton value={record.value} label={`Copy the target of ${domain}`} className="ml-auto" />
        </p>
      )}
      {check.error && <ErrorPanel error={check.error} title="The domain was not checked" />}
      {removing && (
        <RemoveDomainDialog
          slug={slug}
          domain={domain}
          onClose={() => {
            setRemoving(false);
          }}
        />
      )}
    </li>
  );
}

function RemoveDomainDialog({
  slug,
  domain,
  onClose,
}: {
  slug: string;
  domain: string;
  onClose: () => void;
}) {
  const remove = useRemoveDomain(slug);
  return (
    <FormDialog
      onClose={onClose}
      title={`Remove ${domain}?`}
      description="This workspace's pages will no longer be available there, and another workspace can use the domain."
      submit="Remove domain"
      onSubmit={() => {
        remove.mutate(domain, { onSuccess: onClose });
      }}
      danger
      keep="Keep it"
      busy={remove.isPending}
      error={remove.error}
      failure="The domain was not removed"
    />
  );
}
