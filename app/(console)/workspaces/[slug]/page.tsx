import type { Metadata } from "next";
import { FilesPage } from "@/components/workspaces/files/files-page";

export const metadata: Metadata = { title: "Files" };

export default async function Files({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  return <FilesPage key={slug} slug={slug} />;
}
