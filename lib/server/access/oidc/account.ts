import { nanoid } from "nanoid";
import { AppError } from "@/lib/domain/error";
import type { RoleBindingRecord, UserRecord } from "@/lib/store/contract";
import type { Engine } from "../../engine";
import type { OidcSettings } from "../../env/access";
import { isNamedSuperAdmin } from "../users/users";

type AccountEngine = Pick<Engine, "store" | "env">;

/** Someone as the provider described them. */
export interface Person {
  /** Issuer and subject: stays the same when the address changes. */
  subject: string;
  email: string | undefined;
  isEmailCertain: boolean;
  firstName: string;
  lastName: string;
  groups: string[];
}

/** Maker of the role bindings that come from the provider's groups. */
const MAKER = "oidc";
const RANK = ["owner", "editor", "viewer"] as const;

/** The account for this e-mail address, linked to the provider from now on, or a new one. */
async function linkOrCreate(
  { store }: AccountEngine,
  settings: OidcSettings,
  person: Person,
): Promise<UserRecord> {
  const { email, subject } = person;
  // Whoever may claim any address at the provider could otherwise take over anyone's account here.
  if (email === undefined || !person.isEmailCertain)
    throw new AppError(
      "Unauthenticated",
      "The provider did not send a verified e-mail address for you. Ask its administrator.",
    );
  const known = await store.accounts.userByEmail(email);
  if (known?.oidcSubject)
    throw new AppError(
      "Unauthenticated",
      "This e-mail address belongs to another account at the provider. Ask a super admin.",
    );
  if (known) return (await store.accounts.updateUser(known.id, { oidcSubject: subject })) ?? known;
  if (!settings.signUp)
    throw new AppError(
      "Unauthenticated",
      "You do not have an account here. Ask a super admin to invite you.",
    );
  const { firstName, lastName, groups } = person;
  return store.accounts.createUser({
    id: nanoid(),
    email,
    firstName,
    lastName,
    groups,
    oidcSubject: subject,
    passwordHash: null,
    superAdmin: false,
  });
}

function platformRole(
  settings: OidcSettings,
  userId: string,
  groups: readonly string[],
): RoleBindingRecord[] {
  const roles = settings.roles.filter(({ group }) => groups.includes(group)).map(({ role }) => role);
  const role = RANK.find((one) => roles.includes(one));
  const where = { subjectKind: "user", subject: userId, scopeKind: "platform", scope: "" } as const;
  return role === undefined ? [] : [{ id: nanoid(), ...where, role }];
}

/** Where groups make super admins, leaving the group ends it; an account with a password of its own keeps what it has. */
function isSuperAdmin(
  engine: AccountEngine,
  settings: OidcSettings,
  user: UserRecord,
  groups: readonly string[],
) {
  if (isNamedSuperAdmin(engine, user.email)) return true;
  const makers = settings.roles.filter(({ role }) => role === "super_admin");
  if (makers.some(({ group }) => groups.includes(group))) return true;
  return makers.length === 0 || user.passwordHash !== null ? user.superAdmin : false;
}

/** The account of someone who proved to the provider who they are, brought up to date. Throws Unauthenticated. */
export async function accountOf(
  engine: AccountEngine,
  settings: OidcSettings,
  person: Person,
): Promise<UserRecord> {
  const { accounts } = engine.store;
  const user =
    (await accounts.userByOidcSubject(person.subject)) ?? (await linkOrCreate(engine, settings, person));
  const { groups } = person;
  const updated = await accounts.updateUser(user.id, {
    groups,
    superAdmin: isSuperAdmin(engine, settings, user, groups),
    ...(person.firstName && !user.firstName ? { firstName: person.firstName } : {}),
    ...(person.lastName && !user.lastName ? { lastName: person.lastName } : {}),
  });
  if (settings.roles.length > 0)
    await accounts.rebind(user.id, platformRole(settings, user.id, groups), MAKER);
  return updated ?? user;
}
