"use client";

import { useState } from "react";
import { isTextPath, workspacePathProblem } from "@/lib/domain/path";
import { useSaveSource } from "@/lib/client/mutations";
import type { Source } from "./file-tree";
import { FormDialog } from "@/components/ui/form/form-dialog";
import { SelectField, TextField } from "@/components/ui/form/text-field";

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

function problemOf(path: string, taken: Source[]): string | undefined {
  const problem = workspacePathProblem(path);
  if (problem) return `The path ${problem}.`;
  if (taken.some((file) => file.path.toLowerCase() === path.toLowerCase()))
    return "This file already exists.";
  if (!isTextPath(path))
    return "You can create only text files here, such as .yml, .json, .md, .css and .js.";
  return undefined;
}

// YAML reads some names as numbers or booleans; those need quotes to stay text.
const quoted = (name: string) =>
  /^[A-Za-z][\w -]*$/.test(name) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(name)
    ? name
    : JSON.stringify(name);

/** Creates a page, an automation, an app instance or any other text file. */
export function NewFileDialog({ open, ...props }: NewFileDialogProps) {
  // Opened again, it starts with empty fields.
  return open ? <NewFile {...props} /> : null;
}

function NewFile({ slug, taken, onOpenChange, onCreated }: Omit<NewFileDialogProps, "open">) {
  const [kind, setKind] = useState<Kind>("page");
  const [name, setName] = useState("");
  const save = useSaveSource(slug);
  const { folder, text } = KINDS[kind];
  const path = kind === "other" ? name : `${folder}${name}.yml`;
  const problem = name === "" ? undefined : problemOf(path, taken);
  const advice =
    kind === "other"
      ? "With folder and extension, such as README.md."
      : "Its name inside the folder, without .yml.";

  return (
    <FormDialog
      onClose={() => {
        onOpenChange(false);
      }}
      title="New file"
      submit="Create file"
      onSubmit={() => {
        const created = { onSuccess: () => onCreated(path) };
        save.mutate({ path, text: text(quoted(name)), etag: null }, created);
      }}
      busy={save.isPending}
      disabled={name === "" || !!problem}
      error={save.error}
      failure="The file was not created"
    >
      <SelectField
        label="Kind"
        value={kind}
        onValueChange={(value) => {
          setKind(value as Kind);
        }}
      >
        {Object.entries(KINDS).map(([value, { label }]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <TextField
        label={kind === "other" ? "Path" : "Slug"}
        hint={name ? `Creates ${path}` : advice}
        error={problem}
        mono
        required
        autoFocus
        value={name}
        onValueChange={setName}
      />
    </FormDialog>
  );
}
