import { z } from "zod";
import { PublishedApp, WorkspaceId } from "../workspace";

/** A document read from YAML, with anything its author wrote. */
const Fields = z.record(z.string(), z.unknown());
const LocalizedText = z.union([z.string().max(10_000), z.record(z.string(), z.string().max(10_000))]);

/** The slug of an automation, page or app instance; it may hold spaces, and a page's may hold slashes. */
export const PartSlug = z
  .string()
  .min(1)
  .max(300)
  .refine((slug) => slug === slug.trim() && !/^\/|\/$|\/\/|\p{Cc}/u.test(slug), {
    message: "A slug cannot start or end with a space or slash, or contain a control character.",
  })
  // No client could ask for such a path: it is resolved before the request is sent.
  .refine((slug) => !slug.split("/").some((segment) => segment === "." || segment === ".."), {
    message: "A slug cannot be . or .., or contain such a segment.",
  });

/** `POST` and `PATCH …/automations`: the fields whose form is known; null takes a field away. */
export const AutomationInput = z.looseObject({
  slug: PartSlug.optional(),
  name: LocalizedText.nullish(),
  description: LocalizedText.nullish(),
  do: z.array(z.unknown()).nullish(),
  when: Fields.nullish(),
  arguments: Fields.nullish(),
  disabled: z.boolean().nullish(),
  private: z.boolean().nullish(),
});

/** `POST` and `PATCH …/pages`. */
export const PageInput = z.looseObject({
  slug: PartSlug.optional(),
  name: LocalizedText.nullish(),
  description: LocalizedText.nullish(),
  blocks: z.array(z.unknown()).nullish(),
});
export type PartInput = z.infer<typeof AutomationInput> | z.infer<typeof PageInput>;

/** An automation or page with its slug. */
export const Part = z.looseObject({ slug: z.string() });
export type Part = z.infer<typeof Part>;

export const DeletedPart = z.object({ id: z.string(), slug: z.string() });

// What a response adds to an instance: a client can send back what it was given.
const derived = {
  appName: z.unknown().optional(),
  automations: z.unknown().optional(),
  blocks: z.unknown().optional(),
  events: z.unknown().optional(),
  unreadable: z.unknown().optional(),
};

/** `PATCH …/apps/{slug}`; null takes a field away. */
export const AppInstanceInput = z.strictObject({
  appSlug: PartSlug.optional(),
  slug: PartSlug.refine((slug) => !slug.includes("/"), {
    message: "The slug of an app instance cannot contain a slash.",
  }).optional(),
  config: Fields.nullish(),
  appVersion: z.string().max(200).nullish(),
  disabled: z.boolean().nullish(),
  labels: z.array(z.string().max(200)).max(50).nullish(),
  ...derived,
});
export type AppInstanceInput = z.infer<typeof AppInstanceInput>;

/** `POST …/apps`. */
export const InstallApp = AppInstanceInput.extend({ appSlug: PartSlug });

/** An app instance with what its app offers. */
export const AppInstance = z.looseObject({
  slug: z.string(),
  /** The name of its app, where that is published here and may be seen. */
  appName: z.string().optional(),
  automations: z.array(z.looseObject({ arguments: Fields })),
  blocks: z.array(Fields),
  events: z.array(z.string()),
});
export type AppInstance = z.infer<typeof AppInstance>;

const Names = z.union([z.string().max(200), z.array(z.string().max(200)).max(100)]);

/** `security.yml`: roles and the rules that say what they may do. */
export const Security = z.looseObject({
  authorizations: z
    .looseObject({
      roles: z.record(z.string().max(100), z.unknown()).optional(),
      rules: z
        .array(
          z.looseObject({
            role: Names.optional(),
            action: Names.optional(),
            subject: Names.optional(),
            conditions: Fields.optional(),
            inverted: z.boolean().optional(),
            reason: z.string().max(2000).optional(),
          }),
        )
        .max(2000)
        .optional(),
    })
    .optional(),
});
export type Security = z.infer<typeof Security>;

/** `PUT` and `PATCH …/security`. */
export const SecurityInput = z.strictObject({ authorizations: Security.shape.authorizations });

/** An entry of `GET …/security/roles`. */
export const RoleView = z.object({ name: z.string(), description: z.string() });
export type RoleView = z.infer<typeof RoleView>;

/** `config` of `index.yml`. */
const WorkspaceConfig = z.object({
  schema: Fields.optional(),
  block: z.string().optional(),
  value: Fields,
});

/** `PATCH …/config`: values to set by name, null to take one away; a schema is replaced as a whole. */
export const ConfigInput = z.strictObject({
  schema: Fields.nullish(),
  block: z.string().max(200).nullish(),
  value: Fields.optional(),
});
export type ConfigInput = z.infer<typeof ConfigInput>;

/** `GET …/config`; with `effective=true` as it counts, secrets redacted. */
export const ConfigView = WorkspaceConfig.extend({
  /** Names whose value comes from the server's environment. */
  environment: z.array(z.string()),
  /** References that lead nowhere, and values that break a rule of the schema. */
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type ConfigView = z.infer<typeof ConfigView>;

/** The `blocks` of `index.yml` by slug. */
export const Blocks = z.record(z.string(), Fields);
export const BlocksInput = z.record(z.string().min(1).max(200), Fields.nullable());

/** App slugs may hold spaces and capitals, as those of existing workspaces do. */
const AppSlug = z
  .string()
  .trim()
  .regex(/^[^/\\\p{Cc}\p{Cs}]{1,100}$/u, "An app's slug cannot contain a slash.");

export const PublishApp = z.strictObject({
  workspaceId: WorkspaceId,
  slug: AppSlug.optional(),
  name: z.string().trim().min(1).max(200).optional(),
  description: LocalizedText.optional(),
});

export const AppView = PublishedApp.extend({
  versions: z.array(z.string()),
  /** The form that an instance's configuration has, as `config.schema` of the app's workspace says. */
  config: z.object({ schema: z.record(z.string(), z.unknown()) }).optional(),
});
export type AppView = z.infer<typeof AppView>;
