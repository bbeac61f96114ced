import { own } from "@/lib/domain/own";
import * as client from "openid-client";
import { z } from "zod";
import { safeNext } from "@/lib/domain/access/next-path";
import { AppError } from "@/lib/domain/error";
import type { Engine } from "../../engine";
import type { OidcSettings } from "../../env/access";
import { openSession, refusedSignIn, type Client, type NewSession } from "../sessions";
import { accountOf, type Person } from "./account";
import { configurationOf, oidcSettings } from "./provider";

type FlowEngine = Pick<Engine, "store" | "env" | "redactor" | "log">;

const CALLBACK_PATH = "/v2/signin/oidc/callback";

/** What has to be known again when the browser comes back; kept by the browser in the meantime. */
const Flow = z.object({
  state: z.string().max(200),
  nonce: z.string().max(200),
  verifier: z.string().max(200),
  next: z.string().max(2000),
});

/** Begins a sign-in: the address at the provider to go to, and what the browser keeps until it comes back. */
export async function beginOidc(
  engine: FlowEngine,
  origin: string,
  next: string | undefined,
): Promise<{ location: string; flow: string }> {
  const settings = oidcSettings(engine);
  const configuration = await configurationOf(settings);
  const flow = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
    next: safeNext(next),
  };
  const location = client.buildAuthorizationUrl(configuration, {
    redirect_uri: origin + CALLBACK_PATH,
    scope: settings.scopes,
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
    code_challenge_method: "S256",
  });
  return { location: location.href, flow: Buffer.from(JSON.stringify(flow), "utf8").toString("base64url") };
}

function readFlow(kept: string | null): z.infer<typeof Flow> {
  try {
    return Flow.parse(JSON.parse(Buffer.from(kept ?? "", "base64url").toString("utf8")));
  } catch (cause) {
    throw new AppError(
      "Unauthenticated",
      "This sign-in was started somewhere else or took longer than ten minutes. Start again.",
      undefined,
      { cause },
    );
  }
}

const Claims = z.looseObject({
  sub: z.string(),
  email: z.email().optional().catch(undefined),
  email_verified: z
    .union([z.boolean(), z.literal("true")])
    .optional()
    .catch(undefined),
  given_name: z.string().max(100).optional().catch(undefined),
  family_name: z.string().max(100).optional().catch(undefined),
  name: z.string().max(200).optional().catch(undefined),
});

const Groups = z.array(z.string().max(200)).max(500);

/**
 * Whom the provider means, by its ID token and what it tells besides. Whether an address was verified counts only in
 * the place that the address itself comes from.
 */
export function personOf(
  settings: Pick<OidcSettings, "issuer" | "groupsClaim" | "trustEmail">,
  idToken: Record<string, unknown>,
  userInfo: Record<string, unknown>,
): Person {
  const given = { ...userInfo, ...idToken };
  const { email, email_verified } = idToken.email === undefined ? userInfo : idToken;
  const claims = Claims.parse({ ...given, email, email_verified });
  const groups = Groups.safeParse(own(given, settings.groupsClaim));
  const verified = claims.email_verified === true || claims.email_verified === "true";
  return {
    subject: `${settings.issuer}|${claims.sub}`,
    email: claims.email?.toLowerCase(),
    isEmailCertain: verified || settings.trustEmail,
    firstName: claims.given_name ?? claims.name ?? "",
    lastName: claims.family_name ?? "",
    groups: groups.success ? groups.data : [],
  };
}

async function exchange(
  settings: OidcSettings,
  callback: URL,
  { verifier, state, nonce }: z.infer<typeof Flow>,
): Promise<Person> {
  const configuration = await configurationOf(settings);
  const tokens = await client.authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) throw new Error("The provider did not return an ID token.");
  // Many providers tell e-mail and groups there only.
  const more = configuration.serverMetadata().userinfo_endpoint
    ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
    : {};
  return personOf(settings, claims, more);
}

/** Ends a sign-in that comes back from the provider. Throws Unauthenticated; the log says what exactly was wrong. */
export async function finishOidc(
  engine: FlowEngine,
  request: { origin: string; search: string; flow: string | null },
  from: Client,
): Promise<{ session: NewSession; next: string }> {
  const settings = oidcSettings(engine);
  let email: string | undefined;
  try {
    const flow = readFlow(request.flow);
    const person = await exchange(settings, new URL(request.origin + CALLBACK_PATH + request.search), flow);
    email = person.email;
    const user = await accountOf(engine, settings, person);
    // A sibling domain can plant a cookie, so what comes back in one is looked at again.
    return { session: await openSession(engine, user, "oidc", from), next: safeNext(flow.next) };
  } catch (error) {
    const reason = error instanceof AppError ? error.message : "the provider's answer was not accepted";
    engine.log.warn({ err: error, correlationId: from.correlationId }, "A sign-in with OIDC was refused");
    await refusedSignIn(engine, email, "oidc", from, reason);
    if (error instanceof AppError) throw error;
    throw new AppError(
      "Unauthenticated",
      `The sign-in with ${settings.name} failed. Try again; the details are in the server's log.`,
      undefined,
      { cause: error },
    );
  }
}
