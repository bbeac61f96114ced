import { Me } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { describeViewer } from "@/lib/server/access";

export const GET = route(
  { access: "signed-in", summary: "Who is signed in", response: Me },
  async ({ engine, viewer }) => describeViewer(engine, viewer),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
