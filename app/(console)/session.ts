import "server-only";

import { headers } from "next/headers";
import { cache } from "react";
import { cookieOf, cookieScope, sessionCookieName } from "@/lib/http/session/cookies";
import { viewerOfSession } from "@/lib/server/access";
import { getEngine } from "@/lib/server/compose/get-engine";
import type { Engine } from "@/lib/server/engine";
import type { Viewer } from "@/lib/server/viewer";

/** The user who views this page, or null if nobody is signed in. One look-up per request. */
export const currentViewer = cache(async (): Promise<{ engine: Engine; viewer: Viewer | null }> => {
  const engine = await getEngine();
  const given = await headers();
  const request = new Request(`http://${given.get("host") ?? "localhost"}/`, { headers: given });
  const value = cookieOf(request, sessionCookieName(cookieScope(request, engine.env.publicUrl)));
  const session = value === null ? null : await viewerOfSession(engine, value, "page");
  return { engine, viewer: session?.viewer ?? null };
});
