import type { Metadata } from "next";
import { SyncPage } from "@/components/repositories/sync/sync-page";

export const metadata: Metadata = { title: "Sync" };

export default async function Sync({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  return <SyncPage key={slug} slug={slug} />;
}
