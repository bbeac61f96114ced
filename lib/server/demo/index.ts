export { demoEnvironment, isDemo } from "./environment";
export { seedDemo } from "./seed";
