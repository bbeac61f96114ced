import { PageInput } from "@/lib/domain/wire/contents";
import { otherMethods } from "@/lib/http/methods";
import { partRoutes } from "@/lib/http/parts";

const routes = partRoutes("pages", PageInput);

export const GET = routes.read;
export const PATCH = routes.patch;
export const PUT = routes.put;
export const DELETE = routes.remove;

export const { POST, OPTIONS } = otherMethods("GET", "PUT", "PATCH", "DELETE");
