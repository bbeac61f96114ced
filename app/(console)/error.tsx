"use client";

import { Page } from "@/components/shell/page";
import { ErrorPanel } from "@/components/ui/states";

export default function ConsoleError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <Page>
      <ErrorPanel title="This page broke" error={{ message: error.message }} onRetry={reset} />
    </Page>
  );
}
