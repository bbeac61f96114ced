"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ArrowUpFromLine, ListChecks } from "lucide-react";
import type { PlatformView } from "@/lib/domain/wire/api";
import { VersionName } from "@/lib/domain/version";
import { count } from "@/lib/client/format";
import { useBulkPush, usePushPlan } from "@/lib/client/mutations";
import { useProductionCheck } from "@/components/workspaces/production-check";
import { Button } from "@/components/ui/button";
import { ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { GroupPicker } from "./group-picker";
import { PanelForm, PanelPlan, RepositorySelect } from "./panel-layout";
import { PushPlan } from "./plan-view";
import { Checkbox } from "@/components/ui/form/field";
import { TextAreaField, TextField } from "@/components/ui/form/text-field";

/** Pushes groups of workspaces, after showing what that would do. */
export function BulkPushPanel({ platform }: { platform: PlatformView }) {
  const router = useRouter();
  const writable = platform.repositories.filter(({ mode }) => mode !== "read-only");
  const [groups, setGroups] = useState<string[]>([]);
  const [repository, setRepository] = useState(writable[0]?.id ?? "");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [force, setForce] = useState(false);
  const [planned, setPlanned] = useState("");
  const production = useProductionCheck("platform");
  const plan = usePushPlan();
  const push = useBulkPush();
  const problem = name ? VersionName.safeParse(name).error?.issues[0]?.message : undefined;
  const request = {
    groups,
    repository: { id: repository },
    ...(name ? { name } : {}),
    ...(description.trim() ? { description } : {}),
    ...(force ? { force } : {}),
  };
  // What is shown is only a plan while it is the plan of what is asked for.
  const question = JSON.stringify({ groups, repository, force });
  const summary = planned === question ? plan.data : undefined;
  const candidates = summary?.workspaces.filter(({ status }) => status === "candidate").length;
  const incomplete = groups.length === 0 || repository === "" || !!problem;
  const runPlan = () => {
    push.reset();
    setPlanned(question);
    plan.mutate(request);
  };

  return (
    <div className="grid items-start gap-5 lg:grid-cols-[21rem_minmax(0,1fr)] xl:grid-cols-[26rem_minmax(0,1fr)]">
      <PanelForm
        onSubmit={runPlan}
        footer={
          <>
            <Button type="submit" disabled={incomplete} busy={plan.isPending}>
              {!plan.isPending && <ListChecks aria-hidden />}
              Plan
            </Button>
            <Button
              variant="primary"
              disabled={incomplete || candidates === 0 || !production.passed}
              busy={push.isPending}
              onClick={() => {
                push.mutate(request, {
                  onSuccess: (id) => {
                    router.push(`/operations/${id}`);
                  },
                });
              }}
            >
              {!push.isPending && <ArrowUpFromLine aria-hidden />}
              Push{candidates ? ` ${count(candidates, "workspace")}` : ""}
            </Button>
          </>
        }
      >
        <GroupPicker
          groups={platform.groups}
          chosen={groups}
          onChange={setGroups}
          legend="Groups"
          hint="At least one"
        />
        <RepositorySelect repositories={writable} value={repository} onChange={setRepository} />
        <TextField
          label="Version name"
          optional
          hint="One tag for the whole push. If empty, the date and time are used."
          error={problem}
          mono
          placeholder="v2.4.0"
          value={name}
          onValueChange={setName}
        />
        <TextAreaField
          label="Description"
          optional
          maxLength={5000}
          value={description}
          onValueChange={setDescription}
        />
        <Checkbox
          label="Push unchanged workspaces too"
          hint="Each gets the new version name in its manifest, and a commit."
          checked={force}
          onChange={(event) => {
            setForce(event.currentTarget.checked);
          }}
        />
        {production.field}
      </PanelForm>
      <PanelPlan
        pending={plan.isPending}
        empty="Select groups and press Plan to list every workspace with what would happen to it. Nothing changes."
      >
        {push.error && <ErrorPanel title="Nothing was pushed" error={push.error} />}
        {plan.isPending ? (
          <SkeletonRows rows={6} height={44} label="Planning" />
        ) : plan.error && planned === question ? (
          <ErrorPanel title="The plan was not created" error={plan.error} onRetry={runPlan} />
        ) : (
          summary && <PushPlan summary={summary} />
        )}
      </PanelPlan>
    </div>
  );
}
