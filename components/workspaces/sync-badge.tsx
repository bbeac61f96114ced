import {
  ArrowDown,
  ArrowDownUp,
  CircleCheck,
  CircleDot,
  CircleQuestionMark,
  Lock,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import type { SyncStatus, WorkspaceSummary } from "@/lib/domain/workspace";
import { Badge, type Tone } from "@/components/ui/badge";

interface Look {
  tone: Tone;
  icon: LucideIcon;
  word: string;
  meaning: string;
}

/** How each state looks and what it is called, everywhere. */
export const STATUS: Record<SyncStatus | "locked", Look> = {
  synced: {
    tone: "synced",
    icon: CircleCheck,
    word: "Synced",
    meaning: "The same here and in the repository.",
  },
  dirty: {
    tone: "dirty",
    icon: CircleDot,
    word: "Dirty",
    meaning: "Edited here since the last push or pull.",
  },
  behind: { tone: "behind", icon: ArrowDown, word: "Behind", meaning: "The repository has commits to pull." },
  diverged: {
    tone: "diverged",
    icon: ArrowDownUp,
    word: "Diverged",
    meaning: "Edited here, and the repository has commits to pull.",
  },
  conflict: {
    tone: "conflict",
    icon: TriangleAlert,
    word: "Conflict",
    meaning: "The last merge had a conflict. The workspace is locked until it is resolved.",
  },
  unknown: {
    tone: "unknown",
    icon: CircleQuestionMark,
    word: "Not synced",
    meaning: "Never pushed to or pulled from a git repository, or not checked yet.",
  },
  locked: {
    tone: "locked",
    icon: Lock,
    word: "Locked",
    meaning: "Locked by someone or by an operation.",
  },
};

type Standing = Pick<WorkspaceSummary, "syncStatus" | "behind" | "writeLock">;

/** The state that matters most: a conflict before a lock, a lock before dirty or behind. */
function standingOf({ syncStatus, writeLock }: Standing): keyof typeof STATUS {
  if (syncStatus === "conflict" || writeLock?.reason === "merge_conflict") return "conflict";
  return writeLock ? "locked" : syncStatus;
}

/** A workspace's state as icon, word and colour. */
export function SyncBadge({ workspace, className }: { workspace: Standing; className?: string }) {
  const standing = standingOf(workspace);
  return <StatusBadge status={standing} behind={workspace.behind ?? undefined} className={className} />;
}

export function StatusBadge({
  status,
  behind,
  className,
}: {
  status: keyof typeof STATUS;
  behind?: number | undefined;
  className?: string | undefined;
}) {
  const { tone, icon, word, meaning } = STATUS[status];
  const amount = (status === "behind" || status === "diverged") && behind ? ` ${String(behind)}` : "";
  return (
    <Badge tone={tone} icon={icon} title={meaning} className={className}>
      {word}
      {amount && <span className="tabular">{amount}</span>}
    </Badge>
  );
}
