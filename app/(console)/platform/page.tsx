import type { Metadata } from "next";
import { PlatformVersions } from "@/components/versions/platform-versions";

export const metadata: Metadata = { title: "Platform" };

export default function Platform() {
  return <PlatformVersions />;
}
