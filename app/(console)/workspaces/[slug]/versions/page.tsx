import type { Metadata } from "next";
import { VersionsPage } from "@/components/versions/versions-page";

export const metadata: Metadata = { title: "Versions" };

export default async function Versions({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  return <VersionsPage key={slug} slug={slug} />;
}
