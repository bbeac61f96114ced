"use client";

import { useState } from "react";
import { Braces, SearchX } from "lucide-react";
import { toApiError } from "@/lib/client/api";
import { addressOf } from "@/lib/client/api/call";
import { platform } from "@/lib/contract/platform";
import { matchesSearch, useApiReference, type ApiOperation, type Schema } from "@/lib/client/api-document";
import { Page, PageHeader } from "@/components/shell/page";
import { buttonClass, Button } from "@/components/ui/button";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { SearchField } from "@/components/workspaces/fleet/search-field";
import { MethodBadge, OperationDetails } from "./operation-details";

function byTag(operations: readonly ApiOperation[]): [string, ApiOperation[]][] {
  const tags = new Map<string, ApiOperation[]>();
  for (const operation of operations) {
    const tag = operation.tags[0] ?? "Other";
    tags.set(tag, [...(tags.get(tag) ?? []), operation]);
  }
  return [...tags].sort(([a], [b]) => a.localeCompare(b));
}

const anchor = (tag: string) => `tag-${tag.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;

/** The API for people: every operation by subject, found by typing, each with an example. */
export function ApiReferencePage() {
  const { data, error, refetch } = useApiReference();
  const [search, setSearch] = useState("");
  const found = (data?.operations ?? []).filter((operation) => matchesSearch(operation, search));
  const tags = byTag(found);
  return (
    <Page>
      <PageHeader
        title="API reference"
        description="The same API that this console uses. Programs need an access token. If a request is wrong, the response says what to change."
        actions={
          <a href={addressOf(platform.document)} className={buttonClass()}>
            <Braces aria-hidden />
            OpenAPI document
          </a>
        }
      />
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-3">
        <SearchField
          value={search}
          onChange={setSearch}
          label="Search operations"
          placeholder="Path, method or text"
        />
        <p role="status" className="text-xs text-muted">
          {data && `${String(found.length)} of ${String(data.operations.length)} operations`}
        </p>
      </div>
      {error ? (
        <ErrorPanel error={toApiError(error)} onRetry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={10} height={44} label="Loading the API reference" />
      ) : tags.length === 0 ? (
        <EmptyState
          icon={SearchX}
          title="No operation matches"
          action={
            <Button
              onClick={() => {
                setSearch("");
              }}
            >
              Clear the search
            </Button>
          }
        >
          Try part of a path, such as versions, a method, or a word that describes what it does.
        </EmptyState>
      ) : (
        <div className="gap-8 lg:grid lg:grid-cols-[11rem_minmax(0,1fr)]">
          <TagList tags={tags} />
          <div className="flex flex-col gap-8">
            {tags.map(([tag, operations]) => (
              <TagSection key={tag} tag={tag} operations={operations} schemas={data.schemas} />
            ))}
          </div>
        </div>
      )}
    </Page>
  );
}

/** A sentence of the document, with names in backticks. */
function Words({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={index} className="font-mono text-xs">
        {part}
      </code>
    ),
  );
}

function TagList({ tags }: { tags: [string, ApiOperation[]][] }) {
  return (
    <nav aria-label="Subjects" className="mb-5 lg:sticky lg:top-6 lg:mb-0 lg:self-start">
      <ul className="flex flex-wrap gap-1 lg:flex-col">
        {tags.map(([tag, operations]) => (
          <li key={tag}>
            <a
              href={`#${anchor(tag)}`}
              className="flex min-h-7 items-center justify-between gap-3 rounded-md px-2 text-sm text-soft hover:bg-hover hover:text-text"
            >
              {tag}
              <span className="text-xs text-muted tabular">{operations.length}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface TagSectionProps {
  tag: string;
  operations: ApiOperation[];
  schemas: Record<string, Schema>;
}

function TagSection({ tag, operations, schemas }: TagSectionProps) {
  return (
    <section aria-labelledby={anchor(tag)}>
      <h2 id={anchor(tag)} className="mb-2 scroll-mt-6 text-base font-semibold tracking-tight">
        {tag}
      </h2>
      <ul className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
        {operations.map((operation) => (
          <li key={operation.operationId} className="border-b border-line last:border-0">
            <OperationRow operation={operation} schemas={schemas} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OperationRow({ operation, schemas }: { operation: ApiOperation; schemas: Record<string, Schema> }) {
  const [isOpen, setOpen] = useState(false);
  const { method, path, summary, operationId } = operation;
  return (
    <details
      id={operationId}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary className="flex min-h-11 cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 -outline-offset-2 hover:bg-hover">
        <MethodBadge method={method} />
        <code className="min-w-0 font-mono text-xs break-all">{path}</code>
        <span className="min-w-0 text-sm text-soft sm:ml-auto sm:text-right">
          <Words text={summary} />
        </span>
      </summary>
      {/* Rendered only when it is visible, because the document is large. */}
      {isOpen && <OperationDetails operation={operation} schemas={schemas} />}
    </details>
  );
}
