import type { Metadata } from "next";
import { RepositoriesPanel } from "@/components/repositories/repositories-panel";

export const metadata: Metadata = { title: "Repositories" };

export default function Repositories() {
  return <RepositoriesPanel />;
}
