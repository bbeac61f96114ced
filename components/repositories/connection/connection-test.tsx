"use client";

import { type ReactNode, useState } from "react";
import { CircleCheck, CircleMinus, CircleX, PlugZap, TriangleAlert } from "lucide-react";
import { toast } from "sonner";
import {
  sshServerOf,
  useConnectionTest,
  useForgetHostKey,
  useHostKeys,
  type SshServer,
} from "@/lib/client/connection";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import type { ConnectionReport, ConnectionStep } from "@/lib/domain/wire/connection";
import { cn } from "@/lib/client/cn";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { ErrorPanel } from "@/components/ui/states";
import { Mono } from "@/components/ui/text";
import { NewAddress } from "./new-address";

const NAMES: Record<ConnectionStep["step"], string> = {
  reach: "Reach",
  tls: "Certificate",
  hostKey: "Host key",
  credentials: "Credentials",
  branch: "Branch",
  write: "Write access",
};

const STATUS = {
  ok: { icon: CircleCheck, word: "works", className: "text-success" },
  warning: { icon: TriangleAlert, word: "take note", className: "text-warning" },
  failed: { icon: CircleX, word: "failed", className: "text-danger" },
  skipped: { icon: CircleMinus, word: "skipped", className: "text-muted" },
};

interface ConnectionTestProps {
  slug: string;
  repositoryId: string;
  /** Of the remote; decides whether there is a host key to show. */
  url?: string | undefined;
  /** Whose repository it is, unless it is the platform's. */
  workspace?: WorkspaceDetail;
  className?: string;
}

/** A button that tries every step of using a repository, and what came of it. */
export function ConnectionTest({ slug, repositoryId, url, workspace, className }: ConnectionTestProps) {
  const test = useConnectionTest(slug, repositoryId);
  const server = sshServerOf(url);
  return (
    <div className={cn("flex flex-col gap-3", className)}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button
          size="sm"
          busy={test.isPending}
          onClick={() => {
            test.mutate();
          }}
        >
          {!test.isPending && <PlugZap aria-hidden />}
          Test connection
        </Button>
        {server && <HostKey server={server} />}
      </div>
      <div role="status" className="empty:hidden">
        {test.data && (
          <Report
            report={test.data}
            moved={(newUrl) =>
              workspace && (
                <NewAddress
                  workspace={workspace}
                  repositoryId={repositoryId}
                  url={newUrl}
                  onChanged={() => {
                    test.mutate();
                  }}
                />
              )
            }
          />
        )}
      </div>
      {test.error && <ErrorPanel title="The connection was not tested" error={test.error} />}
    </div>
  );
}

interface ReportProps {
  report: ConnectionReport;
  /** What is offered where a repository has moved. */
  moved: (url: string) => ReactNode;
}

function Report({ report, moved }: ReportProps) {
  return (
    <>
      <p className="mb-2 text-xs font-medium">
        {report.ok ? "The repository can be used." : "The repository cannot be used yet."}
      </p>
      <ol className="flex flex-col gap-2 text-xs leading-5">
        {report.steps.map((line) => {
          const { icon: Icon, word, className } = STATUS[line.status];
          return (
            <li key={line.step} className="grid grid-cols-[1.25rem_1fr] gap-x-1.5">
              <Icon aria-hidden className={cn("mt-0.5 size-4", className)} />
              <div className="min-w-0">
                <p className="break-words">
                  <span className="font-medium">
                    {line.number}. {NAMES[line.step]}
                  </span>{" "}
                  <span className={className}>({word})</span>{" "}
                  <span className="text-soft">{line.message}</span>
                </p>
                {line.cure && <p className="break-words text-muted">{line.cure}</p>}
                {line.url && moved(line.url)}
              </div>
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** The pinned key of an SSH server, which an administrator may forget. */
function HostKey({ server }: { server: SshServer }) {
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
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={`Forget the host key of ${name}?`}
        description="The key that the server shows at the next connection is pinned instead. Do this only when the server’s administrator confirms that its key was changed."
      >
        <DialogBody className="flex flex-col gap-3">
          {forget.error && <ErrorPanel error={forget.error} title="The host key was not forgotten" />}
          <ul className="rounded-md border border-line bg-sunken px-3 py-2.5 text-xs leading-5">
            {pinned.map(({ type, fingerprint }) => (
              <li key={fingerprint} className="break-all">
                <Mono>{fingerprint}</Mono> <span className="text-muted">{type}</span>
              </li>
            ))}
          </ul>
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button>Keep it</Button>
          </DialogClose>
          <Button
            variant="danger"
            busy={forget.isPending}
            onClick={() => {
              forget.mutate(server, {
                onSuccess: () => {
                  setOpen(false);
                  toast.success(`The host key of ${name} is forgotten`);
                },
              });
            }}
          >
            Forget host key
          </Button>
        </DialogFooter>
      </Dialog>
    </>
  );
}
