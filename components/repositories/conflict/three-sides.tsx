"use client";

import type { ReactNode } from "react";
import { toApiError } from "@/lib/client/api";
import { useSyncFile } from "@/lib/client/queries";
import { BaseView } from "@/components/ui/code/base-view";
import { DiffView } from "@/components/ui/code/diff-view";
import { ErrorPanel, Skeleton } from "@/components/ui/states";

interface ThreeSidesProps {
  slug: string;
  repository: string;
  path: string;
}

/** A conflicting file as both sides started from it, with what changed here and what changed in the repository. */
export function ThreeSides({ slug, repository, path }: ThreeSidesProps) {
  const { data, error, refetch } = useSyncFile(slug, repository, path, "conflict");
  if (error && !data) {
    return (
      <ErrorPanel
        title="The three sides cannot be shown"
        error={toApiError(error)}
        onRetry={() => void refetch()}
      />
    );
  }
  if (!data) return <Skeleton className="h-40" />;
  const base = data.base ?? null;
  return (
    <div className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-3 [&>*]:min-w-0">
      <Side title="Before both changes" className="lg:max-2xl:col-span-2">
        {base === null ? (
          <Missing>The file was not there, or is not text.</Missing>
        ) : (
          <BaseView path={path} base={base} sides={[data.before ?? "", data.after ?? ""]} />
        )}
      </Side>
      <Side title="Changed here">
        {data.before === null ? (
          <Missing>The file was deleted here, or is not text.</Missing>
        ) : (
          <DiffView path={path} before={base} after={data.before} />
        )}
      </Side>
      <Side title="Changed in the repository">
        {data.after === null ? (
          <Missing>The file was deleted in the repository, or is not text.</Missing>
        ) : (
          <DiffView path={path} before={base} after={data.after} />
        )}
      </Side>
    </div>
  );
}

function Side({ title, className, children }: { title: string; className?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className={className}>
      <h3 className="mb-1.5 text-xs font-medium text-soft">{title}</h3>
      {children}
    </section>
  );
}

function Missing({ children }: { children: string }) {
  return (
    <p className="rounded-md border border-dashed border-line-strong px-3 py-4 text-center text-xs text-muted">
      {children}
    </p>
  );
}
