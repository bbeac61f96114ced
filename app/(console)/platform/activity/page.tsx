import type { Metadata } from "next";
import { ActivityFeed } from "@/components/activity/activity-feed";

export const metadata: Metadata = { title: "Platform activity" };

export default function PlatformActivity() {
  return <ActivityFeed slug="platform" />;
}
