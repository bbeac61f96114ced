export { POST } from "../versions/route";
