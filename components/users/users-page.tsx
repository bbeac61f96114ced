"use client";

import { useState } from "react";
import { UserPlus } from "lucide-react";
import { toApiError } from "@/lib/client/api";
import { useUsers } from "@/lib/client/access";
import { useMe } from "@/lib/client/queries";
import type { UserView } from "@/lib/domain/access";
import { Page, PageHeader } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { Card } from "@/components/ui/text";
import { InviteDialog } from "./invite-dialog";
import { ResetDialog } from "./reset-dialog";
import { UserRow } from "./user-row";

/** Every account of this instance; for super admins. */
export function UsersPage() {
  const { data: me } = useMe();
  const isAdmin = me?.superAdmin ?? false;
  const [isInviting, setInviting] = useState(false);
  return (
    <Page>
      <PageHeader
        title="Users"
        description="Who can sign in. What they can do in a workspace is set where it is shared."
        actions={
          isAdmin && (
            <Button
              variant="primary"
              onClick={() => {
                setInviting(true);
              }}
            >
              <UserPlus aria-hidden />
              Invite user
            </Button>
          )
        }
      />
      {me && !isAdmin ? (
        <ErrorPanel
          title="Only super admins can manage users"
          error={{ message: "Ask one of them to invite someone or change an account." }}
        />
      ) : (
        <UserList />
      )}
      {isInviting && <InviteDialog open onOpenChange={setInviting} />}
    </Page>
  );
}

function UserList() {
  const { data: users, error, refetch } = useUsers();
  const [resetting, setResetting] = useState<UserView | null>(null);
  if (error && !users) return <ErrorPanel error={toApiError(error)} onRetry={() => void refetch()} />;
  return (
    <Card>
      {users ? (
        <ul>
          {users.map((user) => (
            <UserRow
              key={user.id}
              user={user}
              onReset={() => {
                setResetting(user);
              }}
            />
          ))}
        </ul>
      ) : (
        <SkeletonRows label="Loading users" />
      )}
      {resetting && (
        <ResetDialog
          user={resetting}
          onDone={() => {
            setResetting(null);
          }}
        />
      )}
    </Card>
  );
}
