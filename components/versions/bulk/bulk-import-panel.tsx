"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ArrowDownToLine, ListChecks } from "lucide-react";
import type { PlatformView } from "@/lib/domain/wire/api";
import { count } from "@/lib/client/format";
import { useBulkImport, useImportPlan } from "@/lib/client/mutations";
import { useProductionCheck } from "@/components/workspaces/production-check";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Checkbox } from "@/components/ui/form/field";
import { ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { GroupPicker } from "./group-picker";
import { PanelForm, PanelPlan, RepositorySelect } from "./panel-layout";
import { ImportPlan } from "./plan-view";

/** Imports groups of workspaces, after showing what that would do. */
export function BulkImportPanel({ platform }: { platform: PlatformView }) {
  const router = useRouter();
  const readable = platform.repositories.filter(({ mode }) => mode !== "write-only");
  const [groups, setGroups] = useState<string[]>([]);
  const [repository, setRepository] = useState(readable[0]?.id ?? "");
  const [forceReimport, setForceReimport] = useState(false);
  const [prune, setPrune] = useState(false);
  const [planned, setPlanned] = useState("");
  const [confirming, setConfirming] = useState(false);
  const production = useProductionCheck("platform");
  const plan = useImportPlan();
  const imports = useBulkImport();
  const request = {
    repository: { id: repository },
    ...(groups.length > 0 ? { groups } : {}),
    ...(forceReimport ? { forceReimport } : {}),
    ...(prune ? { prune } : {}),
  };
  const question = JSON.stringify(request);
  const summary = planned === question ? plan.data : undefined;
  const moving = summary?.workspaces.filter(
    ({ status }) => status === "create" || status === "update",
  ).length;
  const runPlan = () => {
    imports.reset();
    setPlanned(question);
    plan.mutate(request);
  };
  const run = () => {
    setConfirming(false);
    imports.mutate(request, {
      onSuccess: (id) => {
        router.push(`/operations/${id}`);
      },
    });
  };

  return (
    <div className="grid items-start gap-5 lg:grid-cols-[21rem_minmax(0,1fr)] xl:grid-cols-[26rem_minmax(0,1fr)]">
      <PanelForm
        onSubmit={runPlan}
        footer={
          <>
            <Button type="submit" disabled={repository === ""} busy={plan.isPending}>
              {!plan.isPending && <ListChecks aria-hidden />}
              Plan
            </Button>
            <Button
              variant="primary"
              disabled={repository === "" || moving === 0 || !production.passed}
              busy={imports.isPending}
              onClick={() => {
                if (prune) setConfirming(true);
                else run();
              }}
            >
              {!imports.isPending && <ArrowDownToLine aria-hidden />}
              Import{moving ? ` ${count(moving, "workspace")}` : ""}
            </Button>
          </>
        }
      >
        <RepositorySelect repositories={readable} value={repository} onChange={setRepository} />
        <GroupPicker
          groups={platform.groups}
          chosen={groups}
          onChange={setGroups}
          legend="Groups"
          hint="All groups if none is selected"
        />
        <Checkbox
          label="Import up-to-date workspaces too"
          hint="Workspaces that already have this version are imported again."
          checked={forceReimport}
          onChange={(event) => {
            setForceReimport(event.currentTarget.checked);
          }}
        />
        <Checkbox
          label="Delete workspaces that are not in the repository"
          hint="The only option that removes anything. Check the plan first."
          checked={prune}
          onChange={(event) => {
            setPrune(event.currentTarget.checked);
          }}
        />
        {production.field}
      </PanelForm>
      <PanelPlan
        pending={plan.isPending}
        empty="Press Plan to list every workspace in the repository in dependency order, with what would happen to it."
      >
        {imports.error && <ErrorPanel title="Nothing was imported" error={imports.error} />}
        {plan.isPending ? (
          <SkeletonRows rows={6} height={44} label="Planning" />
        ) : plan.error && planned === question ? (
          <ErrorPanel title="The plan was not created" error={plan.error} onRetry={runPlan} />
        ) : (
          summary && <ImportPlan summary={summary} />
        )}
      </PanelPlan>
      <Dialog
        open={confirming}
        onOpenChange={setConfirming}
        title="Import and delete?"
        description={`Deletes every workspace ${groups.length > 0 ? `of the groups ${groups.join(", ")}` : "of this environment"} that is not in the repository. Local changes are discarded.`}
      >
        <DialogBody>
          <p className="text-muted">A snapshot of every workspace that changes is saved first.</p>
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button variant="danger" onClick={run}>
            Import and delete
          </Button>
        </DialogFooter>
      </Dialog>
    </div>
  );
}
