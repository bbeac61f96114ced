/** How many cases a property test tries: a fifth of `all`, or all of them in `npm run test:full`. */
export function runs(all: number): number {
  return process.env["SWITCHYARD_TEST_RUNS"] === "full" ? all : Math.ceil(all / 5);
}
