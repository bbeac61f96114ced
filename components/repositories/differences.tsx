"use client";

import type { ReactNode } from "react";
import { RefreshCw } from "lucide-react";
import type { SyncView } from "@/lib/domain/wire/api";
import { Count } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/states";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import { SyncChanges } from "./sync/sync-changes";
import { ConflictPanel } from "./conflict/conflict-panel";

interface DifferencesProps {
  id: string;
  slug: string;
  view: SyncView;
  tab: string;
  busy: boolean;
  checking: boolean;
  onTab: (tab: string) => void;
  onCheck: () => void;
  onPull: () => void;
  onDiscard: () => void;
}

/** What differs between the workspace and the repository: here, there, and where both clash. */
export function Differences({
  id,
  slug,
  view,
  tab,
  busy,
  checking,
  onTab,
  onCheck,
  onPull,
  onDiscard,
}: DifferencesProps) {
  return (
    <Tabs id={id} className="scroll-mt-16" value={tab} onValueChange={onTab}>
      <TabList aria-label="Differences" className="mb-4">
        <Tab value="changes">
          Changes <Count>{view.changes.length}</Count>
        </Tab>
        <Tab value="updates">
          Updates <Count>{view.updates?.length ?? "?"}</Count>
        </Tab>
        <Tab value="conflicts">
          Conflicts <Count>{view.conflicts.length}</Count>
        </Tab>
      </TabList>
      <Panel value="changes">
        <SyncChanges slug={slug} view={view} side="changes" />
      </Panel>
      <Panel value="updates">
        {view.updates === null ? (
          <EmptyState
            icon={RefreshCw}
            title="Not checked yet"
            action={
              <Button busy={checking} onClick={onCheck}>
                Check for updates
              </Button>
            }
          >
            Checking the remote takes a moment, so it happens when you ask and before every push.
          </EmptyState>
        ) : (
          <SyncChanges slug={slug} view={view} side="updates" />
        )}
      </Panel>
      <Panel value="conflicts">
        <ConflictPanel slug={slug} view={view} busy={busy} onPull={onPull} onDiscard={onDiscard} />
      </Panel>
    </Tabs>
  );
}

function Panel({ value, children }: { value: string; children: ReactNode }) {
  return (
    <TabPanel value={value} className="rounded-lg outline-offset-4">
      {children}
    </TabPanel>
  );
}
