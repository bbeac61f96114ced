import { AppError } from "@/lib/domain/error";
import { route, type RouteHandler } from "./route";

/** The methods that a path of the API may have. */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

/**
 * Handlers for the methods that a path lacks, which has `allowed`: each answers 405 and names those; OPTIONS names them
 * too, since what the framework would tell by itself counts the refusals as methods.
 */
export function otherMethods(...allowed: readonly Method[]): Record<Method | "OPTIONS", RouteHandler> {
  const allow = [...allowed, ...(allowed.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
  const refuse = route(
    { access: "public", summary: "A method that this path does not have", refuses: true },
    ({ request }) =>
      Promise.reject(
        new AppError(
          "MethodNotAllowed",
          `This path has no ${request.method.slice(0, 20)}; it has ${allow}.`,
          { allow },
        ),
      ),
  );
  const tell = route({ access: "public", summary: "The methods of this path", refuses: true }, () =>
    Promise.resolve(new Response(null, { status: 204, headers: { allow } })),
  );
  return { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse, OPTIONS: tell };
}
