import type { Metadata } from "next";
import { ActivityFeed } from "@/components/activity/activity-feed";
import { Page, PageHeader } from "@/components/shell/page";

export const metadata: Metadata = { title: "Activity" };

export default function Activity() {
  return (
    <Page>
      <PageHeader title="Activity" description="Live activity of every workspace you can read." />
      <ActivityFeed />
    </Page>
  );
}
