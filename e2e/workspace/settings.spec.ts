import { callApi } from "../support/call-api";
import { expect, expectProblem, test } from "../support/fixtures";

const INDEX = `# Written by hand
name: Parcel tracking
slug: parcel-tracking
config:
  schema:
    url: {type: string, title: Carrier, required: true, pattern: '^https://', description: Where parcels are looked up.}
    retries: {type: number, title: Retries, validators: {max: {value: 5, message: Five at most.}}}
    speed: {type: string, title: Speed, enum: [fast, slow], enumNames: [Fast, Slow]}
    polite: {type: boolean, title: Polite}
    stops: {type: array, title: Stops, items: {type: string}}
    texts: {type: object, title: Texts, properties: {hello: {type: 'localized:string', title: Greeting}}}
  value:
    url: https://carrier.example
    key: "{{secret.carrierKey}}"
    texts: {hello: {en: Hi, fr: Salut}}
`;

test("the settings of a workspace are changed, refused and undone where they are shown", async ({
  page,
  origin,
  signIn,
  problems,
  expectAccessible,
}) => {
  await callApi(origin, "/workspaces", "POST", { name: "Parcel tracking" });
  await callApi(origin, "/workspaces/slug:parcel-tracking/sources", "PATCH", {
    files: { "index.yml": INDEX },
  });
  await signIn();
  await page.goto("/workspaces/parcel-tracking/settings");

  const form = page.getByRole("region", { name: "Configuration" });
  await form.getByLabel("Carrier").fill("ftp://carrier.example");
  await form.getByLabel("Retries").fill("9");
  await form.getByLabel("Speed").selectOption("Slow");
  await form.getByLabel("Polite").check();
  await form.getByRole("button", { name: "Add to Stops" }).click();
  await form.getByRole("textbox", { name: "Stops 1" }).fill("Lyon");
  await form.getByLabel("Greeting (fr)").fill("Bonjour");
  await form.getByRole("button", { name: "Save configuration" }).click();
  await expect(form.getByText("Must match the pattern ^https://.")).toBeVisible();
  await expect(form.getByText("Five at most.")).toBeVisible();
  await expectProblem(problems, /status of 400/);
  await expectAccessible();
  await form.getByLabel("Carrier").fill("https://parcels.example");
  await form.getByLabel("Retries").fill("3");
  await form.getByRole("button", { name: "Save configuration" }).click();
  await expect(page.getByText("Configuration saved")).toBeVisible();

  const secrets = page.getByRole("region", { name: "Secrets" });
  await secrets.getByRole("button", { name: "Store a secret" }).click();
  const storing = page.getByRole("dialog");
  await storing.getByLabel("Name").fill("carrierKey");
  await storing.getByLabel("Value").fill("hidden-until-asked");
  await storing.getByRole("button", { name: "Store secret" }).click();
  await expect(secrets.getByText("carrierKey", { exact: true })).toBeVisible();
  await expect(page.getByText("hidden-until-asked")).toHaveCount(0);
  await secrets.getByRole("button", { name: "Show carrierKey" }).click();
  await expect(secrets.getByText("hidden-until-asked")).toBeVisible();
  await form.getByText("Effective values").first().click();
  await expect(form.getByText('"key": "[redacted]"')).toBeVisible();

  const domains = page.getByRole("region", { name: "Custom domains" });
  await domains.getByLabel("Domain").fill("not a domain");
  await domains.getByRole("button", { name: "Add domain" }).click();
  await expect(domains.getByText(/is not a domain name/)).toBeVisible();
  await expectProblem(problems, /status of 400/);

  const general = page.getByRole("region", { name: "General" });
  await general.getByLabel("Labels").fill("demo:parcels");
  await general.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByText("Settings saved")).toBeVisible();
  const written = await fetch(`${origin}/v2/workspaces/slug:parcel-tracking/sources/index.yml`, {
    headers: {
      cookie: (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; "),
    },
  });
  expect(await written.text()).toBe(
    INDEX.replace("https://carrier.example", "https://parcels.example")
      .replace(
        "fr: Salut}}\n",
        "fr: Bonjour}}\n    retries: 3\n    speed: slow\n    polite: true\n    stops:\n      - Lyon\n",
      )
      .concat("labels:\n  - demo:parcels\n"),
  );

  await page.getByRole("button", { name: "Delete workspace…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Delete workspace" })).toBeDisabled();
  await dialog.getByLabel("Type parcel-tracking to confirm").fill("parcel-tracking");
  await dialog.getByRole("button", { name: "Delete workspace" }).click();
  await expect(page.getByText("Parcel tracking was deleted")).toBeVisible();
  await expect(page).toHaveURL(`${origin}/`);
});
