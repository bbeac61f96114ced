"use client";

import { useState } from "react";
import type { WorkspaceSummary } from "@/lib/domain/workspace";

type Chosen = Pick<WorkspaceSummary, "id" | "slug" | "name">;

export interface Selection {
  chosen: ReadonlyMap<string, Chosen>;
  toggle: (workspace: Chosen) => void;
  /** Takes all of these in, or out when all of them are in. */
  toggleAll: (workspaces: readonly Chosen[]) => void;
  clear: () => void;
}

/** The workspaces that a person picked. They stay picked while the filters change, so several searches add up. */
export function useSelection(): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Chosen>>(new Map());
  return {
    chosen,
    toggle: (workspace) => {
      setChosen((before) => {
        const next = new Map(before);
        if (!next.delete(workspace.id)) next.set(workspace.id, workspace);
        return next;
      });
    },
    toggleAll: (workspaces) => {
      setChosen((before) => {
        const next = new Map(before);
        const all = workspaces.every(({ id }) => before.has(id));
        for (const workspace of workspaces) {
          if (all) next.delete(workspace.id);
          else next.set(workspace.id, workspace);
        }
        return next;
      });
    },
    clear: () => {
      setChosen(new Map());
    },
  };
}
