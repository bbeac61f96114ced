export * from "./permissions";
export * from "./me";
export * from "@/lib/domain/access/roles";
export * from "./sessions";
export * from "./access-tokens";
export * from "./authenticate";
export * from "./bootstrap";
export { sameText } from "./digest";
