import type { ReactNode } from "react";
import { AppShell } from "@/components/shell/app-shell";
import { LeaveForSignIn } from "@/components/sign-in/leave-for-sign-in";
import { keys } from "@/lib/client/keys";
import { Me } from "@/lib/domain/wire/api";
import { describeViewer } from "@/lib/server/access";
import { FirstPaint } from "./first-paint";
import { currentViewer } from "./session";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { engine, viewer } = await currentViewer();
  if (!viewer) return <LeaveForSignIn />;
  return (
    <FirstPaint
      read={async (client) => {
        client.setQueryData(keys.me, Me.parse(await describeViewer(engine, viewer)));
      }}
    >
      <AppShell environment={engine.env.environment}>{children}</AppShell>
    </FirstPaint>
  );
}
