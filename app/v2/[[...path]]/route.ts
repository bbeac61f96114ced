import { AppError } from "@/lib/domain/error";
import { route } from "@/lib/http/route";

const unknown = route({ access: "public", summary: "Paths that the API does not have" }, ({ request }) => {
  const { pathname } = new URL(request.url);
  throw new AppError("NotFound", `The API has no path ${pathname.slice(0, 200)}.`);
});

export { unknown as GET, unknown as POST, unknown as PUT, unknown as PATCH, unknown as DELETE };
