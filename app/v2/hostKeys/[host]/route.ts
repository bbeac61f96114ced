import { z } from "zod";
import { PinnedHostKey, HostAndPort } from "@/lib/domain/wire/connection";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { forgetHostKeys } from "@/lib/server/repositories/host-keys";

export const DELETE = route(
  {
    access: "platform:manage_repositories",
    summary: "Forget the pinned keys of an SSH server",
    description:
      "`host` is `git.example.com` or `git.example.com:2222`. The key that the server shows next is pinned instead.",
    params: z.object({ host: HostAndPort }),
    response: z.object({ forgotten: z.array(PinnedHostKey) }),
  },
  async ({ engine, params }) => ({ forgotten: await forgetHostKeys(engine, params.host) }),
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
