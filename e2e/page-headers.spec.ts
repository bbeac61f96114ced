import { expect, expectProblem, test } from "./support/fixtures";

test("what somebody wrote into a page never runs, and no other site can show the console in a frame", async ({
  page,
  origin,
  problems,
  signIn,
}) => {
  await signIn();
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
  await page.evaluate(() => {
    document.body.insertAdjacentHTML(
      "beforeend",
      `<img src="data:," onerror="document.title = 'taken over'">`,
    );
  });
  await expectProblem(problems, /Content Security Policy/);
  await expect(page).toHaveTitle(/Switchyard/);

  await page.goto("about:blank");
  await page.setContent(`<iframe title="a trap" src="${origin}/"></iframe>`);
  // What the browser shows in place of a page that it may not put there.
  await expect
    .poll(() => page.frames().map((frame) => frame.url()))
    .toContain("chrome-error://chromewebdata/");
  problems.length = 0;
});

test("every page names its own scripts anew, whatever a client claims the name to be", async ({
  request,
}) => {
  const noncesOf = async (headers: Record<string, string>) => {
    const answer = await request.get("/sign-in", { headers });
    const policy = answer.headers()["content-security-policy"] ?? "";
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    const named = [...(await answer.text()).matchAll(/<script[^>]*? nonce="([^"]*)"/g)].map(
      ([, name]) => name,
    );
    expect(new Set(named)).toEqual(new Set([nonce]));
    return nonce;
  };
  const claimed = { "x-nonce": "guessed", "content-security-policy": "script-src 'nonce-guessed'" };
  const nonces = await Promise.all([noncesOf({}), noncesOf({}), noncesOf(claimed)]);
  expect(new Set([...nonces, "guessed"]).size).toBe(4);
});
