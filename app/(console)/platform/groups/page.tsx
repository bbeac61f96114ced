import type { Metadata } from "next";
import { GroupsPanel } from "@/components/repositories/groups-panel";

export const metadata: Metadata = { title: "Groups" };

export default function Groups() {
  return <GroupsPanel />;
}
