"use client";

import { useState, type FormEvent } from "react";
import { isTextPath, workspacePathProblem } from "@/lib/domain/path";
import { useSaveSource } from "@/lib/client/mutations";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { ErrorPanel } from "@/components/ui/states";
import type { Source } from "./file-tree";

const KINDS = {
  page: {
    label: "Page",
    folder: "pages/",
    text: (slug: string) => `slug: ${slug}\nname: ${slug}\nblocks: []\n`,
  },
  automation: {
    label: "Automation",
    folder: "automations/",
    text: (slug: string) => `slug: ${slug}\nname: ${slug}\ndo: []\n`,
  },
  import: {
    label: "App instance",
    folder: "imports/",
    text: (slug: string) => `appSlug: ${slug}\nslug: ${slug}\nconfig: {}\n`,
  },
  other: { label: "Other file", folder: "", text: () => "" },
};
type Kind = keyof typeof KINDS;

interface NewFileDialogProps {
  slug: string;
  taken: Source[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onCreated: (path: string) => void;
}

/** Creates a page, an automation, an app instance or any other text file. */
export function NewFileDialog(props: NewFileDialogProps) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title="New file">
      <NewFileForm {...props} />
    </Dialog>
  );
}

function problemOf(path: string, taken: Source[]): string | undefined {
  const problem = workspacePathProblem(path);
  if (problem) return `The path ${problem}.`;
  if (taken.some((file) => file.path.toLowerCase() === path.toLowerCase()))
    return "There is such a file already.";
  if (!isTextPath(path)) return "Only text can be created here: .yml, .json, .md, .css, .js and the like.";
  return undefined;
}

// YAML reads some names as numbers or booleans; those need quotes to stay text.
const quoted = (name: string) =>
  /^[A-Za-z][\w -]*$/.test(name) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(name)
    ? name
    : JSON.stringify(name);

function NewFileForm({ slug, taken, onCreated }: NewFileDialogProps) {
  const [kind, setKind] = useState<Kind>("page");
  const [name, setName] = useState("");
  const save = useSaveSource(slug);
  const { folder, text } = KINDS[kind];
  const path = kind === "other" ? name : `${folder}${name}.yml`;
  const problem = name === "" ? undefined : problemOf(path, taken);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (problem) return;
    save.mutate(
      { path, text: text(quoted(name)), etag: null },
      {
        onSuccess: () => {
          onCreated(path);
        },
      },
    );
  }

  return (
    <form onSubmit={submit}>
      <DialogBody className="flex flex-col gap-4">
        {save.error && <ErrorPanel error={save.error} title="The file was not created" />}
        <Field label="Kind">
          {(control) => (
            <Select
              {...control}
              value={kind}
              onChange={(event) => {
                setKind(event.currentTarget.value as Kind);
              }}
            >
              {Object.entries(KINDS).map(([value, { label }]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label={kind === "other" ? "Path" : "Slug"}
          hint={
            name
              ? `Creates ${path}`
              : kind === "other"
                ? "With folder and extension, such as README.md."
                : "Its name inside the folder, without .yml."
          }
          {...(problem ? { error: problem } : {})}
        >
          {(control) => (
            <Input
              {...control}
              required
              autoFocus
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" disabled={name === "" || !!problem} busy={save.isPending}>
          Create file
        </Button>
      </DialogFooter>
    </form>
  );
}
