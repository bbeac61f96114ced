import type { Metadata } from "next";
import { FleetPage } from "@/components/workspaces/fleet/fleet-page";

export const metadata: Metadata = { title: "Fleet" };

export default function Fleet() {
  return <FleetPage />;
}
