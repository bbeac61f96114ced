import { otherMethods } from "@/lib/http/methods";
import { Readiness } from "@/lib/domain/wire/readiness";
import { Reply } from "@/lib/http/reply";
import { route } from "@/lib/http/route";
import { readiness } from "@/lib/server/health/readiness";

export const GET = route(
  {
    access: "public",
    summary: "Whether each part of the server is ready",
    response: Readiness,
    answers: { 503: "A part is not ready" },
  },
  async ({ engine }) => {
    const found = await readiness(engine);
    if (found.status === "ready") return new Reply(found);
    return new Reply(found, { status: 503, headers: { "retry-after": "5" } });
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
