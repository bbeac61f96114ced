import { PageInput } from "@/lib/domain/wire/contents";
import { partRoutes } from "@/lib/http/parts";

const routes = partRoutes("pages", PageInput);

export const GET = routes.list;
export const POST = routes.create;
