import { Skeleton, SkeletonRows } from "@/components/ui/states";

/** The page of a repository while it loads. */
export function SyncSkeleton() {
  return (
    <div className="flex flex-col gap-5">
      <div className="rounded-lg border border-line bg-surface p-4 shadow-card">
        <Skeleton className="mb-8 h-8 w-72 max-w-full" />
        <Skeleton className="mb-3 h-3 w-full" />
        <Skeleton className="h-3 w-2/3" />
      </div>
      <Skeleton className="h-8 w-72 max-w-full" />
      <div className="rounded-lg border border-line bg-surface shadow-card">
        <SkeletonRows rows={3} height={40} label="Loading the changes" />
      </div>
    </div>
  );
}
