import type { Metadata } from "next";
import { SettingsPage } from "@/components/workspaces/settings/settings-page";

export const metadata: Metadata = { title: "Settings" };

export default async function Settings({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  return <SettingsPage key={slug} slug={slug} />;
}
