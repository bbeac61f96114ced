import { AutomationInput } from "@/lib/domain/wire/contents";
import { partRoutes } from "@/lib/http/parts";

const routes = partRoutes("automations", AutomationInput);

export const GET = routes.list;
export const POST = routes.create;
