import { z } from "zod";

const SecretName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,100}$/, "A secret's name can contain only letters, digits, _ . and -.");

const SecretInput = z.strictObject({
  value: z.string().max(20_000),
  description: z.string().max(1000).optional(),
});

/** `PUT …/security/secrets`: all the values to store. */
export const PutSecrets = z.record(SecretName, SecretInput);

/** `PATCH …/security/secrets`: values to store by name, null to delete; a description alone keeps the stored value. */
export const PatchSecrets = z.record(
  SecretName,
  SecretInput.extend({ value: SecretInput.shape.value.optional() }).nullable(),
);

export const SecretsView = z.record(
  z.string(),
  z.object({
    value: z.string(),
    description: z.string().optional(),
    /** The server's environment supplies it; a stored value would win. */
    environment: z.literal(true).optional(),
  }),
);
export type SecretsView = z.infer<typeof SecretsView>;
