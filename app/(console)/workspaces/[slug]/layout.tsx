import type { Metadata } from "next";
import type { ReactNode } from "react";
import { FirstPaint } from "@/app/(console)/first-paint";
import { WorkspaceFrame } from "@/components/workspaces/workspace-frame";
import { keys } from "@/lib/client/keys";
import { WorkspaceDetail } from "@/lib/domain/wire/api";
import { requireWorkspace } from "@/lib/server/access";
import { workspaceDetail } from "@/lib/server/workspaces/detail";

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
  return (
    <FirstPaint
      read={async (client, engine, viewer) => {
        const { workspace, grants } = await requireWorkspace(engine, viewer, "read", `slug:${slug}`);
        const detail = await workspaceDetail(engine, workspace, grants);
        client.setQueryData(keys.workspace(slug), WorkspaceDetail.parse(detail));
      }}
    >
      <WorkspaceFrame slug={slug}>{children}</WorkspaceFrame>
    </FirstPaint>
  );
}
