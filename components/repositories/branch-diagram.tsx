import type { SyncView } from "@/lib/domain/wire/api";
import { cn } from "@/lib/client/cn";
import { shortCommit } from "@/lib/client/format";

interface Track {
  role: string;
  name: string;
  note: string;
  tone: "calm" | "ahead" | "behind" | "conflict";
}

const TONES = {
  calm: "bg-ink",
  ahead: "bg-dirty",
  behind: "bg-behind",
  conflict: "bg-conflict",
};

function tracksOf(view: SyncView): Track[] {
  const conflict = view.status === "conflict";
  const { length: edits } = view.changes;
  const updates = view.updates?.length ?? 0;
  const behind = view.behind ?? 0;
  return [
    {
      role: "Platform",
      name: "this workspace",
      note: edits > 0 ? `${String(edits)} changed` : "unchanged",
      tone: edits > 0 ? "ahead" : "calm",
    },
    {
      role: "Intermediate branch",
      name: view.intermediateBranch,
      note: conflict ? "unresolved conflict" : view.commit ? shortCommit(view.commit) : "not there yet",
      tone: conflict ? "conflict" : "calm",
    },
    {
      role: "Target branch",
      name: view.targetBranch,
      note:
        behind > 0 || updates > 0
          ? behind > 0
            ? `${String(behind)} to pull`
            : `${String(updates)} changed`
          : (view.lastVersion && shortCommit(view.lastVersion)) || "nothing to pull",
      tone: behind > 0 || updates > 0 ? "behind" : "calm",
    },
  ];
}

/** The three states of a workspace: here, its own branch, and the branch everyone shares. */
export function BranchDiagram({ view }: { view: SyncView }) {
  const tracks = tracksOf(view);
  return (
    <ol aria-label="Branches" className="grid gap-3 sm:grid-cols-3 sm:gap-0">
      {tracks.map(({ role, name, note, tone }, index) => (
        <li key={role} className="relative flex gap-3 pb-1 sm:block sm:pt-6 sm:pr-6 sm:pb-0">
          {index < tracks.length - 1 && (
            <span
              aria-hidden
              className="absolute top-4 bottom-[-12px] left-[5px] w-0.5 bg-line-strong sm:top-[5px] sm:right-0 sm:bottom-auto sm:left-3 sm:h-0.5 sm:w-auto"
            />
          )}
          <span
            aria-hidden
            className={cn(
              "relative mt-1 size-3 shrink-0 rounded-full ring-4 ring-surface sm:absolute sm:top-0 sm:left-0 sm:mt-0",
              TONES[tone],
            )}
          />
          <span className="min-w-0">
            <span className="block text-xs text-muted">{role}</span>
            <span className="block truncate font-mono text-xs font-medium" title={name}>
              {name}
            </span>
            <span className="block text-xs text-soft">{note}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
