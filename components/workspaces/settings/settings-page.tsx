"use client";

import { SkeletonRows } from "@/components/ui/states";
import { Card } from "@/components/ui/text";
import { useWorkspace } from "@/lib/client/queries";
import { ConfigCard } from "./config-card";
import { DangerCard } from "./danger-card";
import { DomainsCard } from "./domains-card";
import { GeneralCard } from "./general-card";
import { SecretsCard } from "./secrets-card";

/** Everything about a workspace that is not one of its files to edit. */
export function SettingsPage({ slug }: { slug: string }) {
  const { data: workspace } = useWorkspace(slug);
  if (!workspace)
    return (
      <Card>
        <SkeletonRows rows={5} label="Loading the settings" />
      </Card>
    );
  const may = (action: string) => workspace.permissions.includes(action);
  const isOpen = may("update") && !workspace.writeLock;
  return (
    <div className="flex max-w-4xl flex-col gap-5">
      <GeneralCard slug={slug} workspace={workspace} editable={isOpen} />
      <ConfigCard slug={slug} editable={isOpen} />
      <SecretsCard slug={slug} workspace={workspace} permitted={may("manage_security")} />
      <DomainsCard slug={slug} editable={isOpen} />
      <DangerCard slug={slug} workspace={workspace} mayDelete={may("delete")} />
    </div>
  );
}
