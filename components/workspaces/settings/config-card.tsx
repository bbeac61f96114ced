"use client";

import { useState, type SubmitEvent } from "react";
import { toast } from "sonner";
import { TriangleAlert } from "lucide-react";
import { toApiError } from "@/lib/client/api";
import { fieldProblems, useConfig, useSaveConfig } from "@/lib/client/settings/settings";
import type { ConfigView } from "@/lib/domain/wire/contents";
import { own } from "@/lib/domain/own";
import { readForm, type Values } from "@/lib/domain/form/schema";
import { Button, ButtonLink } from "@/components/ui/button";
import { ErrorPanel, Notice, SkeletonRows } from "@/components/ui/states";
import { Card, CardHeader } from "@/components/ui/text";
import { FormFields } from "./form/form-fields";

interface ConfigCardProps {
  slug: string;
  editable: boolean;
}

/** The configuration as the form that its schema describes. */
export function ConfigCard({ slug, editable }: ConfigCardProps) {
  const { data, error, refetch } = useConfig(slug);
  return (
    <Card aria-label="Configuration">
      <CardHeader title="Configuration">
        <ButtonLink size="sm" href={`/workspaces/${slug}?file=index.yml`}>
          Open index.yml
        </ButtonLink>
      </CardHeader>
      {error && !data ? (
        <ErrorPanel className="m-4" error={toApiError(error)} onRetry={() => void refetch()} />
      ) : data ? (
        <ConfigBody slug={slug} config={data} editable={editable} />
      ) : (
        <SkeletonRows rows={3} label="Loading the configuration" />
      )}
    </Card>
  );
}

function ConfigBody({ slug, config, editable }: ConfigCardProps & { config: ConfigView }) {
  return (
    <div className="flex flex-col gap-4 p-4">
      {config.schema ? (
        <ConfigForm slug={slug} config={config} editable={editable} />
      ) : (
        <p className="text-sm text-muted">
          This workspace has no configuration form. Define one in index.yml under{" "}
          <code className="font-mono text-xs">config.schema</code>, and it appears here.
        </p>
      )}
      {config.environment.length > 0 && (
        <p className="text-xs text-muted">
          From the server&apos;s environment, unless a value is stored here: {config.environment.join(", ")}.
        </p>
      )}
      <Problems problems={config.problems} />
      <EffectiveValues slug={slug} />
    </div>
  );
}

function Problems({ problems }: Pick<ConfigView, "problems">) {
  if (problems.length === 0) return null;
  return (
    <Notice tone="warning" icon={TriangleAlert} title="Some values need attention">
      <ul className="list-disc pl-4">
        {problems.slice(0, 20).map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <code className="font-mono text-xs">{path}</code>: {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function ConfigForm({ slug, config, editable }: ConfigCardProps & { config: ConfigView }) {
  const save = useSaveConfig(slug);
  const [draft, setDraft] = useState<Values | null>(null);
  const problems = fieldProblems(save.error);
  const values = draft ?? config.value;
  const form = readForm(config.schema);
  // A hidden field, or a value that the form does not know, has no place of its own to say what is wrong with it.
  const unseen = [...problems].filter(
    ([path]) => own(form.properties, path.split(".")[0] ?? "")?.hidden !== false,
  );

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    save.mutate(values, {
      onSuccess: () => {
        setDraft(null);
        toast.success("Configuration saved");
      },
    });
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {save.error && problems.size === 0 && (
        <ErrorPanel error={save.error} title="The configuration was not saved" />
      )}
      {problems.size > 0 && (
        <div role="alert" className="text-sm text-danger">
          The configuration was not saved:{" "}
          {problems.size === 1 ? "one field needs" : `${String(problems.size)} fields need`} your attention.
          {unseen.length > 0 && (
            <ul className="list-disc pl-4">
              {unseen.map(([path, message]) => (
                <li key={path}>{path ? `${path}: ${message}` : message}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      <FormFields form={form} values={values} problems={problems} disabled={!editable} onChange={setDraft} />
      <div className="flex justify-end gap-2">
        {draft && (
          <Button
            onClick={() => {
              setDraft(null);
              save.reset();
            }}
          >
            Discard changes
          </Button>
        )}
        <Button type="submit" variant="primary" busy={save.isPending} disabled={!editable || !draft}>
          Save configuration
        </Button>
      </div>
    </form>
  );
}

function EffectiveValues({ slug }: { slug: string }) {
  const [open, setOpen] = useState(false);
  const { data, error } = useConfig(slug, true, open);
  return (
    <details
      className="rounded-md border border-line"
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary className="cursor-pointer rounded-md px-3 py-2 text-sm font-medium hover:bg-hover">
        Effective values
      </summary>
      <div className="border-t border-line p-3">
        <p className="mb-2 text-xs text-muted">
          With the values from the environment, references filled in and secrets hidden.
        </p>
        {error ? (
          <ErrorPanel error={toApiError(error)} />
        ) : (
          <pre
            tabIndex={0}
            aria-label="Effective values"
            className="max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs"
          >
            {data ? JSON.stringify(data.value, null, 2) : "…"}
          </pre>
        )}
      </div>
    </details>
  );
}
