"use client";

import { useRouter } from "next/navigation";
import { useState, type FormEvent } from "react";
import { toast } from "sonner";
import { usePatchWorkspace } from "@/lib/client/settings/settings";
import { localized } from "@/lib/client/format";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import { PatchWorkspace } from "@/lib/domain/workspace";
import { Button } from "@/components/ui/button";
import { Field, Input, Textarea } from "@/components/ui/field";
import { ErrorPanel } from "@/components/ui/states";
import { Card, CardHeader } from "@/components/ui/text";

interface GeneralCardProps {
  slug: string;
  workspace: WorkspaceDetail;
  editable: boolean;
}

interface Draft {
  name: string;
  slug: string;
  labels: string;
  description: string;
  photo: string;
}

function draftOf({ name, slug, labels, description, photo }: WorkspaceDetail): Draft {
  const text = typeof description === "string" ? description : "";
  return { name, slug, labels: labels.join(" "), description: text, photo: photo ?? "" };
}

/** What was changed, and nothing else: another person's edit of another field stays. */
function patchOf(draft: Draft, before: Draft): Record<string, unknown> {
  const { labels, ...texts } = draft;
  const changed = Object.entries(texts).filter(([field, text]) => before[field as keyof Draft] !== text);
  return {
    ...Object.fromEntries(changed),
    ...(labels === before.labels ? {} : { labels: labels.split(/[\s,]+/).filter(Boolean) }),
  };
}

export function GeneralCard({ slug, workspace, editable }: GeneralCardProps) {
  const router = useRouter();
  const save = usePatchWorkspace(slug);
  const before = draftOf(workspace);
  const [edited, setEdited] = useState<Partial<Draft>>({});
  const [problems, setProblems] = useState<Record<string, string>>({});
  const draft = { ...before, ...edited };
  const isLocalized = typeof workspace.description === "object";

  function submit(event: FormEvent): void {
    event.preventDefault();
    const parsed = PatchWorkspace.safeParse(patchOf(draft, before));
    setProblems(
      Object.fromEntries(parsed.error?.issues.map(({ path, message }) => [String(path[0]), message]) ?? []),
    );
    if (!parsed.success) return;
    save.mutate(parsed.data, {
      onSuccess: (saved) => {
        setEdited({});
        toast.success("Settings saved");
        if (saved.slug !== slug) router.replace(`/workspaces/${saved.slug}/settings`);
      },
    });
  }

  const control = (name: keyof Draft) => ({
    value: draft[name],
    disabled: !editable,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => {
      const { value } = currentTarget;
      setEdited((known) => ({ ...known, [name]: value }));
    },
  });
  const field = (name: keyof Draft) => (problems[name] ? { error: problems[name] } : {});
  const isChanged = Object.keys(patchOf(draft, before)).length > 0;

  return (
    <Card aria-label="General">
      <CardHeader title="General" />
      <form onSubmit={submit} className="grid gap-4 p-4 sm:grid-cols-2">
        {save.error && (
          <ErrorPanel error={save.error} title="The settings were not saved" className="sm:col-span-2" />
        )}
        <Field label="Name" {...field("name")}>
          {(own) => <Input {...own} {...control("name")} required maxLength={200} autoComplete="off" />}
        </Field>
        <Field label="Slug" hint="A new slug moves its directory with the next push." {...field("slug")}>
          {(own) => (
            <Input
              {...own}
              {...control("slug")}
              required
              maxLength={100}
              spellCheck={false}
              className="font-mono"
            />
          )}
        </Field>
        <Field
          label="Labels"
          optional
          hint="Separated by spaces. They decide its groups."
          {...field("labels")}
        >
          {(own) => <Input {...own} {...control("labels")} autoComplete="off" spellCheck={false} />}
        </Field>
        <Field label="Photo" optional hint="The address of a picture." {...field("photo")}>
          {(own) => (
            <Input {...own} {...control("photo")} inputMode="url" autoComplete="off" maxLength={2000} />
          )}
        </Field>
        <Field
          label="Description"
          optional
          className="sm:col-span-2"
          {...(isLocalized ? { hint: "Written in several languages; edit it in index.yml." } : {})}
          {...field("description")}
        >
          {(own) => (
            <Textarea
              {...own}
              {...control("description")}
              {...(isLocalized ? { value: localized(workspace.description) } : {})}
              disabled={!editable || isLocalized}
              maxLength={5000}
            />
          )}
        </Field>
        <div className="flex justify-end sm:col-span-2">
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!editable || !isChanged}>
            Save settings
          </Button>
        </div>
      </form>
    </Card>
  );
}
