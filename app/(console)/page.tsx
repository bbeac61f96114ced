import type { Metadata } from "next";
import { z } from "zod";
import { FleetPage } from "@/components/workspaces/fleet/fleet-page";
import { FLEET_PAGE, keys } from "@/lib/client/keys";
import { WorkspaceSummary } from "@/lib/domain/workspace";
import { fleetCounts, listWorkspaces } from "@/lib/server/workspaces/list";
import { FirstPaint } from "./first-paint";

export const metadata: Metadata = { title: "Fleet" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function Fleet({ searchParams }: Props) {
  const { status, group, search, sort, dirty } = await searchParams;
  const isPlain = [status, group, search, sort, dirty].every((filter) => filter === undefined);
  return (
    <FirstPaint
      read={async (client, engine, viewer) => {
        client.setQueryData(keys.counts, await fleetCounts(engine, viewer));
        if (!isPlain) return;
        const rows = await listWorkspaces(engine, viewer, { sort: "name", page: 0, limit: FLEET_PAGE });
        const pages = [z.array(WorkspaceSummary).parse(rows)];
        client.setQueryData(keys.fleet({}), { pages, pageParams: [0] });
      }}
    >
      <FleetPage />
    </FirstPaint>
  );
}
