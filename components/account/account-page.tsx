"use client";

import { useMe } from "@/lib/client/queries";
import { Page, PageHeader } from "@/components/shell/page";
import { PasswordCard } from "./password-card";
import { SessionsCard } from "./sessions-card";
import { TokensCard } from "./tokens-card";

/** What belongs to the signed-in user: tokens, sessions, password. */
export function AccountPage() {
  const { data: me } = useMe();
  return (
    <Page>
      <PageHeader title="Account" description={me ? `Signed in as ${me.email}.` : "Your own settings."} />
      <div className="flex max-w-4xl flex-col gap-6">
        <TokensCard />
        <SessionsCard />
        {me && <PasswordCard email={me.email} />}
      </div>
    </Page>
  );
}
