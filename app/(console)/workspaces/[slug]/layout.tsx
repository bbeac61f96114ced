import type { Metadata } from "next";
import type { ReactNode } from "react";
import { WorkspaceFrame } from "@/components/workspaces/workspace-frame";

interface Props {
  params: Promise<{ slug: string }>;
  children: ReactNode;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug } = await params;
  return { title: { default: slug, template: `%s · ${slug} · Switchyard` } };
}

export default async function WorkspaceLayout({ params, children }: Props) {
  const { slug } = await params;
  return <WorkspaceFrame slug={slug}>{children}</WorkspaceFrame>;
}
