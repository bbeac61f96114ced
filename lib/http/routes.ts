import { METHODS, type Endpoint, type Method } from "@/lib/contract/endpoint";
import { AppError, invariant } from "@/lib/domain/error";
import type { RouteHandler } from "./context";
import { refusal } from "./route";

type Exports = Record<Method | "OPTIONS", RouteHandler>;

/**
 * What a route file exports: the handlers of its endpoints, and for each method that the path lacks one that answers 405
 * and names those it has. OPTIONS names them too, since what the framework would tell by itself counts the refusals as
 * methods.
 */
export function routes(...handlers: [RouteHandler, ...RouteHandler[]]): Exports {
  const { path } = handlers[0].endpoint;
  invariant(
    handlers.every(({ endpoint }) => endpoint.path === path),
    "the endpoints of a route file have one path",
  );
  const own = new Map(handlers.map((handler) => [handler.endpoint.method, handler]));
  const allowed = METHODS.filter((method) => own.has(method));
  return { ...refusals(path, allowed), ...Object.fromEntries(own) };
}

function refusals(path: Endpoint["path"], allowed: readonly Method[]): Exports {
  const allow = [...allowed, ...(allowed.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
  const refuse = refusal(path, ({ method }) => {
    throw new AppError(
      "MethodNotAllowed",
      `This path does not support ${method.slice(0, 20)}; it supports ${allow}.`,
      {
        allow,
      },
    );
  });
  const tell = refusal(path, () => new Response(null, { status: 204, headers: { allow } }));
  const other = Object.assign(refuse, { refuses: true as const });
  return {
    GET: other,
    POST: other,
    PUT: other,
    PATCH: other,
    DELETE: other,
    OPTIONS: Object.assign(tell, { refuses: true as const }),
  };
}
