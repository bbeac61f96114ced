import * as client from "openid-client";
import { AppError } from "@/lib/domain/error";
import type { Engine } from "../../engine";
import type { OidcSettings } from "../../env/access";

type OidcEngine = Pick<Engine, "env">;

const TIMEOUT_SECONDS = 10;
const configurations = new WeakMap<OidcSettings, Promise<client.Configuration>>();

/** The provider's settings. Throws NotFound where none is configured. */
export function oidcSettings({ env }: OidcEngine): OidcSettings {
  if (env.access.oidc) return env.access.oidc;
  throw new AppError(
    "NotFound",
    "No OIDC provider is configured. Sign in with your e-mail address and password.",
  );
}

async function discover(settings: OidcSettings): Promise<client.Configuration> {
  const issuer = new URL(settings.issuer);
  const secret = settings.clientSecret?.reveal();
  try {
    return await client.discovery(
      issuer,
      settings.clientId,
      undefined,
      secret === undefined ? client.None() : client.ClientSecretPost(secret),
      {
        timeout: TIMEOUT_SECONDS,
        // Only a provider on this machine gets this far without TLS; the library marks it so that nobody uses it in passing.
        // eslint-disable-next-line @typescript-eslint/no-deprecated
        ...(issuer.protocol === "http:" ? { execute: [client.allowInsecureRequests] } : {}),
      },
    );
  } catch (cause) {
    throw new AppError(
      "Unavailable",
      "The OIDC provider did not return a valid response. Try again, or sign in with your e-mail address and password.",
      undefined,
      { cause },
    );
  }
}

/** What the provider says of itself, asked once; a failure is asked again. */
export function configurationOf(settings: OidcSettings): Promise<client.Configuration> {
  const known = configurations.get(settings);
  if (known) return known;
  const asked = discover(settings);
  configurations.set(settings, asked);
  asked.catch(() => configurations.delete(settings));
  return asked;
}
