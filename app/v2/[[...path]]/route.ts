import { AppError } from "@/lib/domain/error";
import { UNDECODABLE } from "@/lib/http/gate/undecodable-path";
import { refusal } from "@/lib/http/route";

const unknown = refusal("/v2/[...path]", (request) => {
  const { pathname } = new URL(request.url);
  const [, , first, original = ""] = pathname.split("/");
  if (first === UNDECODABLE)
    throw new AppError(
      "InvalidRequest",
      `The path ${decodeURIComponent(original).slice(0, 200)} cannot be decoded. Encode its parts as UTF-8 with percent signs (a percent sign itself is %25).`,
    );
  throw new AppError("NotFound", `The API has no path ${pathname.slice(0, 200)}.`);
});

export { unknown as GET, unknown as POST, unknown as PUT, unknown as PATCH, unknown as DELETE };
