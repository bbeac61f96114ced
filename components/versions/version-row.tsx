"use client";

import { Camera, Download, GitCompareArrows, RotateCcw, Tag, Undo2 } from "lucide-react";
import { NATIVE_REPOSITORY_ID } from "@/lib/domain/repository";
import type { Version } from "@/lib/domain/version";
import { exportVersion } from "@/lib/client/archives";
import { shortCommit } from "@/lib/client/format";
import { usePeople, useRepositories } from "@/lib/client/queries";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton, Mono } from "@/components/ui/text";
import { RelativeTime } from "@/components/ui/time";

interface VersionRowProps {
  slug: string;
  version: Version;
  isCurrent: boolean;
  isDirty: boolean;
  /** The workspace was rolled back to this version, and therefore differs from the repository. */
  isRolledBack: boolean;
  mayRollBack: boolean;
  isLocked: boolean;
  onCompare: () => void;
  onRollBack: () => void;
}

/** A version, where it is kept, and what to do with it. */
export function VersionRow({
  slug,
  version,
  isCurrent,
  isDirty,
  isRolledBack,
  mayRollBack,
  isLocked,
  onCompare,
  onRollBack,
}: VersionRowProps) {
  const nameOf = usePeople();
  const { data: repositories } = useRepositories(slug);
  const isEdited = isDirty && !isRolledBack;
  const isSnapshot = version.kind === "snapshot";
  const Icon = isSnapshot ? Camera : Tag;
  const repository =
    repositories?.find(({ id }) => id === version.repository.id)?.name ?? version.repository.id;
  return (
    <li className="flex min-h-15 items-center gap-x-3 gap-y-2 border-b max-sm:flex-wrap border-line px-4 py-2.5 last:border-0 hover:bg-hover">
      <Icon aria-hidden className="size-4 shrink-0 self-start text-muted mt-1" />
      <div className="min-w-0 flex-1 max-sm:basis-[calc(100%-2rem)]">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-mono text-sm font-medium break-all">{shortCommit(version.name)}</span>
          {isCurrent && (
            <Badge tone={isEdited ? "dirty" : "success"}>
              {isEdited ? "Current, with edits" : "Current"}
            </Badge>
          )}
          {isSnapshot && <Badge tone="neutral">Snapshot</Badge>}
          {version.description && <span className="min-w-0 truncate text-soft">{version.description}</span>}
        </p>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-1.5 text-xs text-muted">
          <RelativeTime at={version.createdAt} />
          {version.createdBy && <span>by {nameOf(version.createdBy)}</span>}
          <span aria-hidden>·</span>
          <span>{version.repository.id === NATIVE_REPOSITORY_ID ? "built-in storage" : repository}</span>
          {version.commit && (
            <span className="inline-flex items-center">
              <span aria-hidden>·</span>
              <Mono className="ml-1.5">{version.commit.slice(0, 7)}</Mono>
              <CopyButton
                value={version.commit}
                label="Copy the commit"
                className="size-6! [&_svg]:size-3.5!"
              />
            </span>
          )}
        </p>
      </div>
      <Button
        variant="ghost"
        size="sm"
        className="max-sm:ml-auto"
        aria-label={`Compare ${version.name} with now`}
        onClick={onCompare}
      >
        <GitCompareArrows aria-hidden />
        Compare…
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={`Export ${version.name}`}
        title="Export as an archive"
        onClick={() => {
          exportVersion(slug, version);
        }}
      >
        <Download aria-hidden />
      </Button>
      {mayRollBack && (
        <Button
          size="sm"
          disabled={isLocked || (isCurrent && !isDirty)}
          aria-label={`Roll back to ${version.name}`}
          onClick={onRollBack}
        >
          {isSnapshot ? <Undo2 aria-hidden /> : <RotateCcw aria-hidden />}
          Roll back…
        </Button>
      )}
    </li>
  );
}
