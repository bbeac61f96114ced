import { Page } from "@/components/shell/page";
import { Skeleton } from "@/components/ui/states";

export default function Loading() {
  return (
    <Page>
      <div role="status" aria-label="Loading">
        <Skeleton className="mb-2 h-7 w-40" />
        <Skeleton className="mb-6 h-4 w-80 max-w-full" />
        <Skeleton className="h-96 rounded-lg" />
      </div>
    </Page>
  );
}
