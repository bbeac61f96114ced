import { z } from "zod";
import { PinnedHostKey } from "@/lib/domain/wire/connection";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { listHostKeys } from "@/lib/server/repositories/host-keys";

export const GET = route(
  {
    access: "platform:read",
    summary: "List the pinned keys of SSH servers",
    response: z.array(PinnedHostKey),
  },
  async ({ engine }) => listHostKeys(engine),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
