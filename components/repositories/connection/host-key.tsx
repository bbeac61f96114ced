"use client";

import { useState } from "react";
import { toast } from "sonner";
import { useForgetHostKey, useHostKeys, type SshServer } from "@/lib/client/connection";
import { Button } from "@/components/ui/button";
import { FormDialog } from "@/components/ui/form/form-dialog";
import { Mono } from "@/components/ui/text";

/** The pinned key of an SSH server, which an administrator may forget. */
export function HostKey({ server }: { server: SshServer }) {
  const keys = useHostKeys();
  const forget = useForgetHostKey();
  const [isOpen, setOpen] = useState(false);
  const pinned = (keys.data ?? []).filter(({ host, port }) => host === server.host && port === server.port);
  const name = `${server.host}:${String(server.port)}`;
  if (pinned.length === 0) return null;
  return (
    <>
      <span className="min-w-0 text-xs break-words text-muted">
        Host key <Mono className="break-all">{pinned.map(({ fingerprint }) => fingerprint).join(", ")}</Mono>
      </span>
      <Button
        variant="ghost"
        size="sm"
        onClick={() => {
          forget.reset();
          setOpen(true);
        }}
      >
        Forget host key
      </Button>
      <FormDialog
        open={isOpen}
        onClose={() => {
          setOpen(false);
        }}
        title={`Forget the host key of ${name}?`}
        description="The key that the server presents at the next connection will be pinned instead. Do this only if the server’s administrator confirms that the key was changed."
        submit="Forget host key"
        onSubmit={() => {
          forget.mutate(server, {
            onSuccess: () => {
              setOpen(false);
              toast.success(`Forgot the host key of ${name}`);
            },
          });
        }}
        danger
        keep="Keep it"
        busy={forget.isPending}
        error={forget.error}
        failure="The host key was not forgotten"
      >
        <ul className="rounded-md border border-line bg-sunken px-3 py-2.5 text-xs leading-5">
          {pinned.map(({ type, fingerprint }) => (
            <li key={fingerprint} className="break-all">
              <Mono>{fingerprint}</Mono> <span className="text-muted">{type}</span>
            </li>
          ))}
        </ul>
      </FormDialog>
    </>
  );
}
