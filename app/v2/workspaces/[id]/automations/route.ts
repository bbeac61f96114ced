import { AutomationInput } from "@/lib/domain/wire/contents";
import { otherMethods } from "@/lib/http/methods";
import { partRoutes } from "@/lib/http/parts";

const routes = partRoutes("automations", AutomationInput);

export const GET = routes.list;
export const POST = routes.create;

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
