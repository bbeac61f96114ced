import { z } from "zod";
import { ACTIONS, FULL_SCOPE } from "./roles";

/** A password someone chooses. */
const NewPassword = z
  .string()
  .min(10, "A password must have at least 10 characters.")
  .max(1000, "A password can have at most 1000 characters.");

export const ChangePassword = z.strictObject({
  /** Not needed by someone who has none, having signed in by a link or a provider. */
  currentPassword: z.string().max(1000).optional(),
  newPassword: NewPassword,
});
export type ChangePassword = z.output<typeof ChangePassword>;

const Name = z.string().trim().max(100);

export const InviteUser = z.strictObject({
  email: z.email("This is not an e-mail address.").max(320),
  firstName: Name.default(""),
  lastName: Name.default(""),
  superAdmin: z.boolean().default(false),
  /** Without one the user gets a sign-in link and chooses it themselves. */
  password: NewPassword.optional(),
});
export type InviteUser = z.output<typeof InviteUser>;

export const PatchUser = z.strictObject({
  firstName: Name.optional(),
  lastName: Name.optional(),
  superAdmin: z.boolean().optional(),
  disabled: z.boolean().optional(),
});
export type PatchUser = z.output<typeof PatchUser>;

export const CreateAccessToken = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** Actions the token may be used for, and `workspace:{id}` for where; none given: all that its user may do. */
  scopes: z
    .array(
      z.union([
        z.enum([FULL_SCOPE, ...ACTIONS]),
        z.string().regex(/^workspace:[0-9A-Za-z_-]{1,40}$/, "Use an action, * or workspace:{id}."),
      ]),
    )
    // An empty list says "nothing", and must not be taken for "everything".
    .min(1, "Name at least one scope, or leave `scopes` out for everything you are allowed to do.")
    .max(100)
    .optional(),
  /** Null, or left out: it does not expire. */
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
});
export type CreateAccessToken = z.output<typeof CreateAccessToken>;

const NameOrId = z.string().trim().min(1).max(200);

/** Whom a workspace is shared with: a user by id or e-mail, or a group of the OIDC provider. */
export const ShareTarget = z.strictObject({
  id: NameOrId.optional(),
  email: z.email("This is not an e-mail address.").max(320).optional(),
  group: NameOrId.optional(),
  displayName: z.string().max(300).optional(),
});

const Policies = z.partialRecord(z.enum(ACTIONS), z.boolean());

/** `POST …/permissions`: who gets which role, or which single actions. */
export const SharePermissions = z.strictObject({
  target: ShareTarget,
  permissions: z.strictObject({ role: NameOrId.optional(), policies: Policies.optional() }),
});
export type ShareTarget = z.output<typeof ShareTarget>;
export type SharePermissions = z.output<typeof SharePermissions>;
