import { describe, expect, test } from "vitest";
import { Turn } from "../turns";

const never = new AbortController().signal;
let count = 0;
const aBranch = () => ({ url: `https://git.example/${String(++count)}.git`, branch: "main" });

/** Lets everything go on that nothing holds up. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("The turns of pushes to one branch", () => {
  test("are taken one at a time, in the order in which pushes lost their race", async () => {
    const branch = aBranch();
    const order: string[] = [];
    const [first, second, third] = [new Turn(branch), new Turn(branch), new Turn(branch)];
    await first.take(never);
    const others = [
      second.take(never).then(() => order.push("second")),
      third.take(never).then(() => order.push("third")),
    ];
    await settled();
    expect(order).toEqual([]);
    first.end();
    await settled();
    expect(order).toEqual(["second"]);
    second.end();
    await Promise.all(others);
    expect(order).toEqual(["second", "third"]);
    third.end();
  });

  test("hold up a new push only while somebody has one", async () => {
    const branch = aBranch();
    const [loser, fresh, elsewhere] = [new Turn(branch), new Turn(branch), new Turn(aBranch())];
    await fresh.join(never);
    await loser.take(never);
    await loser.take(never);
    await elsewhere.join(never);
    let isIn = false;
    const joining = new Turn(branch).join(never).then(() => (isIn = true));
    await settled();
    expect(isIn).toBe(false);
    loser.end();
    await joining;
    expect(isIn).toBe(true);
  });

  test("are left by a push that is cancelled while it waits, and the next one follows", async () => {
    const branch = aBranch();
    const [first, cancelled, last] = [new Turn(branch), new Turn(branch), new Turn(branch)];
    await first.take(never);
    const cancel = new AbortController();
    const waiting = cancelled.take(cancel.signal);
    const follows = last.take(never);
    cancel.abort(new Error("cancelled"));
    await expect(waiting).rejects.toThrow("cancelled");
    cancelled.end();
    first.end();
    await follows;
    last.end();
    await new Turn(branch).join(never);
  });
});
