export { demoEnvironment, isDemo } from "./environment";
export { seedDemo, seedDemoInBackground } from "./seed";
