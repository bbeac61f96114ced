import "server-only";

import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { AppError } from "@/lib/domain/error";
import type { Engine } from "@/lib/server/engine";
import type { Viewer } from "@/lib/server/viewer";
import { currentViewer } from "./session";

interface FirstPaintProps {
  /** Reads what the page shows at first and puts it where the page's hooks look. */
  read: (client: QueryClient, engine: Engine, viewer: Viewer) => Promise<void>;
  children: ReactNode;
}

/** Sends along what the page would otherwise ask for at once. A refusal is left to the page, which shows it. */
export async function FirstPaint({ read, children }: FirstPaintProps) {
  const client = new QueryClient();
  const { engine, viewer } = await currentViewer();
  if (viewer) {
    try {
      await read(client, engine, viewer);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
