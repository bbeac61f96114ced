import { automations } from "@/lib/contract/content";
import { partRoutes } from "@/lib/http/parts";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = partRoutes("automations", automations).collection;
