import { nanoid } from "nanoid";
import { AppError } from "@/lib/domain/error";
import type { UserRecord } from "@/lib/store/contract";
import type { Engine } from "../engine";
import { storeAccessToken, TOKEN_FORM } from "./access-tokens";
import { digest } from "./digest";
import { generatePassword } from "../passwords";
import { FULL_SCOPE } from "@/lib/domain/access/roles";

type AccessEngine = Pick<Engine, "store" | "env" | "passwords">;

/** What the first start has to tell its operator once; undefined where nothing was made. */
export interface BootstrapResult {
  admin: UserRecord;
  generatedPassword?: string;
}

async function firstAdmin(engine: AccessEngine): Promise<BootstrapResult> {
  const { accounts } = engine.store;
  const { email, password } = engine.env.bootstrap;
  const address = email.trim().toLowerCase();
  const existing = await accounts.userByEmail(address);
  if (existing) return { admin: existing };
  const given = password?.reveal();
  const chosen = given ?? generatePassword();
  const admin = await accounts.createUser({
    id: nanoid(),
    email: address,
    firstName: "Admin",
    lastName: "",
    passwordHash: await engine.passwords.hash(chosen),
    superAdmin: true,
  });
  return { admin, ...(given === undefined ? { generatedPassword: chosen } : {}) };
}

/**
 * Makes sure there is a first super admin, that the bootstrap token is theirs, and that SUPER_ADMIN_EMAILS are
 * super admins. Safe to run at every start and from several processes at once.
 */
export async function bootstrapAccounts(engine: AccessEngine): Promise<BootstrapResult> {
  const { accounts } = engine.store;
  const result = await firstAdmin(engine).catch(async (error: unknown) => {
    // Another process may have made the account in between; then it is there now.
    const admin = await accounts.userByEmail(engine.env.bootstrap.email.trim().toLowerCase());
    if (!admin) throw error;
    return { admin };
  });
  const token = engine.env.bootstrap.token?.reveal();
  if (token !== undefined) await bootstrapToken(engine, result.admin.id, token);
  if (engine.env.superAdminEmails.length > 0)
    await accounts.setSuperAdmin(engine.env.superAdminEmails.map((email) => email.trim().toLowerCase()));
  return result;
}

async function bootstrapToken(engine: AccessEngine, userId: string, token: string): Promise<void> {
  if (!TOKEN_FORM.test(token))
    throw new AppError(
      "InvalidRequest",
      "SWITCHYARD_BOOTSTRAP_TOKEN must be at: followed by at least 20 letters, digits, dots, hyphens, underscores or tildes.",
    );
  const known = () => engine.store.accounts.accessTokenByHash(digest(token), new Date());
  if (await known()) return;
  try {
    await storeAccessToken(engine, userId, token, {
      name: "Bootstrap",
      scopes: [FULL_SCOPE],
      expiresAt: null,
    });
  } catch (error) {
    if (!(await known())) throw error;
  }
}
