import { otherMethods } from "@/lib/http/methods";
export { POST } from "../versions/route";

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
