import type { BootstrapResult } from "../access/bootstrap";
import { createSignInLink } from "../access/sessions";
import type { Engine } from "../engine";

function address({ publicUrl, host, port }: Engine["env"]): string {
  if (publicUrl) return publicUrl;
  const shown = ["0.0.0.0", "::", ""].includes(host) ? "localhost" : host;
  return `http://${shown}:${String(port)}`;
}

/**
 * Tells the operator where the console is and, as long as they have a generated password or the demo, how to sign in
 * without one. Written past the log, which would hide the password.
 */
export async function tellFirstSignIn(
  engine: Engine,
  { admin, generatedPassword }: BootstrapResult,
): Promise<void> {
  const { env } = engine;
  const lines = ["", `  Switchyard (${env.environment.name})  ${address(env)}`];
  if (env.bootstrap.password === undefined) {
    const token = await createSignInLink(engine, admin.id);
    lines.push(`  Sign in once with  ${address(env)}/v2/signin/link?token=${token}`);
  }
  if (generatedPassword !== undefined)
    lines.push(`  or as  ${admin.email}  with the password  ${generatedPassword}  (shown this once)`);
  process.stdout.write(`${lines.join("\n")}\n\n`);
}
