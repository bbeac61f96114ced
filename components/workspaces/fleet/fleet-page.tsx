"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Boxes, Plus, SearchX, Upload } from "lucide-react";
import { toApiError } from "@/lib/client/api";
import { useFleet, useFleetCounts } from "@/lib/client/queries";
import { ImportDialog } from "@/components/archives/import-dialog";
import { Page, PageHeader } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorPanel, SkeletonRows } from "@/components/ui/states";
import { CreateWorkspaceDialog } from "../create-dialog";
import { AttentionPanel } from "./attention-panel";
import { FleetCounters } from "./fleet-counters";
import { FleetTable } from "./fleet-table";
import { FleetFilters } from "./fleet-filters";
import { SelectionBar } from "./selection-bar";
import { useSelection } from "./use-selection";
import { useFleetUrl } from "./use-fleet-url";

/** The home page: every workspace, its state, and what needs attention. */
export function FleetPage() {
  const { filter, href, change, asked } = useFleetUrl();
  const [opened, setOpened] = useState<"new" | "import" | null>(null);
  const dialog = opened ?? asked;
  const router = useRouter();
  const counts = useFleetCounts();
  const fleet = useFleet({ ...filter, sort: filter.sort ?? "name" });
  const rows = fleet.data?.pages.flat() ?? [];
  const selection = useSelection();
  const isFiltered = Boolean(filter.status ?? filter.group ?? filter.search);
  const close = () => {
    setOpened(null);
    if (asked) router.replace(href({}), { scroll: false });
  };

  return (
    <Page>
      <PageHeader
        title="Fleet"
        description="Every workspace in this environment and its state compared with git."
        actions={
          <>
            <Button
              onClick={() => {
                setOpened("import");
              }}
            >
              <Upload aria-hidden />
              Import archive…
            </Button>
            <Button
              variant="primary"
              onClick={() => {
                setOpened("new");
              }}
            >
              <Plus aria-hidden />
              New workspace
            </Button>
          </>
        }
      />
      <FleetCounters counts={counts.data} status={filter.status} href={href} />
      {!isFiltered && <AttentionPanel counts={counts.data} />}
      <FleetFilters filter={filter} onChange={change} />
      <SelectionBar selection={selection} />
      <section
        aria-label="Workspaces"
        className="overflow-clip rounded-lg border border-line bg-surface shadow-card"
      >
        {fleet.error && !fleet.data ? (
          <ErrorPanel className="m-4" error={toApiError(fleet.error)} onRetry={() => void fleet.refetch()} />
        ) : !fleet.data ? (
          <SkeletonRows rows={10} height={53} label="Loading the fleet" />
        ) : rows.length === 0 ? (
          <NoRows
            isFiltered={isFiltered}
            onClear={() => {
              change({ status: undefined, group: undefined, search: undefined });
            }}
            onCreate={() => {
              setOpened("new");
            }}
          />
        ) : (
          <FleetTable
            rows={rows}
            selection={selection}
            total={isFiltered ? rows.length : (counts.data?.all ?? rows.length)}
            sort={filter.sort ?? "name"}
            onSort={(sort) => {
              change({ sort });
            }}
            onEnd={() => {
              if (fleet.hasNextPage && !fleet.isFetchingNextPage) void fleet.fetchNextPage();
            }}
          />
        )}
      </section>
      {dialog === "import" && <ImportDialog open onOpenChange={close} />}
      <CreateWorkspaceDialog open={dialog === "new"} onOpenChange={close} />
    </Page>
  );
}

function NoRows({
  isFiltered,
  onClear,
  onCreate,
}: {
  isFiltered: boolean;
  onClear: () => void;
  onCreate: () => void;
}) {
  if (isFiltered) {
    return (
      <EmptyState
        icon={SearchX}
        title="No workspace matches"
        action={<Button onClick={onClear}>Clear the filters</Button>}
      >
        No workspace has this name, group and state. It may have another name, or not be shared with you.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={Boxes}
      title="No workspaces yet"
      action={
        <Button variant="primary" onClick={onCreate}>
          <Plus aria-hidden />
          New workspace
        </Button>
      }
    >
      Create the first one, ask someone to share one, or import a whole fleet with Platform › Import from a
      repository.
    </EmptyState>
  );
}
