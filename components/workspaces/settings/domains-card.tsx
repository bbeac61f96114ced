"use client";

import { useState, type SubmitEvent } from "react";
import { Globe } from "lucide-react";
import { toApiError } from "@/lib/client/api";
import { useAddDomain, useDomains } from "@/lib/client/settings/settings";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { Card, CardHeader } from "@/components/ui/text";
import { TextField } from "@/components/ui/form/text-field";
import { DomainRow } from "./domain-row";

interface DomainsCardProps {
  slug: string;
  editable: boolean;
}

/** The domains under which the workspace's pages are shown, each with the DNS record to create. */
export function DomainsCard({ slug, editable }: DomainsCardProps) {
  const { data, error, refetch } = useDomains(slug);
  return (
    <Card aria-label="Custom domains">
      <CardHeader title="Custom domains" />
      {editable && <AddDomain slug={slug} />}
      {error && !data ? (
        <ErrorPanel className="m-4" error={toApiError(error)} onRetry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={2} label="Loading the domains" />
      ) : data.length === 0 ? (
        <EmptyState icon={Globe} title="No custom domains" className="py-10">
          Add one to serve this workspace&apos;s pages under your own name.
        </EmptyState>
      ) : (
        <ul>
          {data.map((domain) => (
            <DomainRow key={domain.domain} slug={slug} domain={domain} editable={editable} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function AddDomain({ slug }: { slug: string }) {
  const add = useAddDomain(slug);
  const [domain, setDomain] = useState("");
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    add.mutate(domain, {
      onSuccess: () => {
        setDomain("");
      },
    });
  }
  return (
    <form onSubmit={submit} className="flex items-start gap-2 border-b border-line p-4">
      <TextField
        label="Domain"
        className="min-w-0 flex-1"
        hint="For example app.example.com, without protocol or path."
        error={add.error?.message}
        maxLength={253}
        spellCheck={false}
        inputMode="url"
        value={domain}
        onValueChange={setDomain}
      />
      <Button type="submit" className="mt-[26px]" busy={add.isPending} disabled={!domain.trim()}>
        Add domain
      </Button>
    </form>
  );
}
