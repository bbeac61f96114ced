"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { Activity, Database, Layers, Tag } from "lucide-react";
import { Page, PageHeader } from "@/components/shell/page";
import { TabLink, TabNav } from "@/components/ui/tabs";

const TABS = [
  { href: "/platform", label: "Versions", icon: Tag },
  { href: "/platform/activity", label: "Activity", icon: Activity },
  { href: "/platform/repositories", label: "Repositories", icon: Database },
  { href: "/platform/groups", label: "Groups", icon: Layers },
];

/** The header that the pages of the platform workspace share. */
export function PlatformFrame({ children }: { children: ReactNode }) {
  const path = usePathname();
  return (
    <Page>
      <PageHeader
        title="Platform"
        description="Push whole groups of workspaces to a repository, or import them from one, in dependency order."
      />
      <TabNav label="Platform" className="mb-5">
        {TABS.map(({ href, label, icon: Icon }) => (
          <TabLink key={href} href={href} current={path === href}>
            <Icon aria-hidden className="hidden size-4 sm:block" />
            {label}
          </TabLink>
        ))}
      </TabNav>
      {children}
    </Page>
  );
}
