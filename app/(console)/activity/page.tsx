import type { Metadata } from "next";
import { ActivityFeed } from "@/components/activity/activity-feed";
import { Page, PageHeader } from "@/components/shell/page";

export const metadata: Metadata = { title: "Activity" };

export default function Activity() {
  return (
    <Page>
      <PageHeader
        title="Activity"
        description="What happened in every workspace you may read, as it happens."
      />
      <ActivityFeed />
    </Page>
  );
}
