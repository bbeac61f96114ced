"use client";

import { useRouter } from "next/navigation";
import { useState, type SubmitEvent } from "react";
import { toast } from "sonner";
import { usePatchWorkspace } from "@/lib/client/settings/settings";
import { localized } from "@/lib/client/format";
import type { WorkspaceDetail } from "@/lib/domain/wire/api";
import { PatchWorkspace } from "@/lib/domain/workspace";
import { Button } from "@/components/ui/button";
import { ErrorPanel } from "@/components/ui/states";
import { Card, CardHeader } from "@/components/ui/text";
import { TextAreaField, TextField } from "@/components/ui/form/text-field";

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

  function submit(event: SubmitEvent): void {
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

  const field = (name: keyof Draft) => ({
    value: draft[name],
    disabled: !editable,
    error: problems[name],
    onValueChange: (value: string) => {
      setEdited((known) => ({ ...known, [name]: value }));
    },
  });
  const isChanged = Object.keys(patchOf(draft, before)).length > 0;

  return (
    <Card aria-label="General">
      <CardHeader title="General" />
      <form onSubmit={submit} className="grid gap-4 p-4 sm:grid-cols-2">
        {save.error && (
          <ErrorPanel error={save.error} title="The settings were not saved" className="sm:col-span-2" />
        )}
        <TextField label="Name" required maxLength={200} {...field("name")} />
        <TextField
          label="Slug"
          hint="A new slug moves its directory with the next push."
          mono
          required
          maxLength={100}
          {...field("slug")}
        />
        <TextField
          label="Labels"
          optional
          hint="Separate them with spaces. Labels decide its groups."
          spellCheck={false}
          {...field("labels")}
        />
        <TextField
          label="Photo"
          optional
          hint="The address of an image."
          inputMode="url"
          maxLength={2000}
          {...field("photo")}
        />
        <TextAreaField
          label="Description"
          optional
          className="sm:col-span-2"
          maxLength={5000}
          {...field("description")}
          {...(isLocalized
            ? {
                hint: "Written in several languages; edit it in index.yml.",
                value: localized(workspace.description),
                disabled: true,
              }
            : {})}
        />
        <div className="flex justify-end sm:col-span-2">
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!editable || !isChanged}>
            Save settings
          </Button>
        </div>
      </form>
    </Card>
  );
}
