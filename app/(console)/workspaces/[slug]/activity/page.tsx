import type { Metadata } from "next";
import { ActivityFeed } from "@/components/activity/activity-feed";

export const metadata: Metadata = { title: "Activity" };

export default async function WorkspaceActivity({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  return <ActivityFeed key={slug} slug={slug} />;
}
