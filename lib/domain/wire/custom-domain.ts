import { z } from "zod";

export const DomainStatus = z.enum(["pending", "active", "misconfigured"]);
export type DomainStatus = z.infer<typeof DomainStatus>;

/** A domain of a workspace, with the DNS record to create and what was last seen of it. */
export const CustomDomain = z.object({
  domain: z.string(),
  status: DomainStatus,
  problem: z.string().optional(),
  checkedAt: z.string().optional(),
  record: z.object({ type: z.enum(["CNAME", "ALIAS"]), name: z.string(), value: z.string() }),
});
export type CustomDomain = z.infer<typeof CustomDomain>;

export const AddDomain = z.strictObject({ domain: z.string().min(1).max(253) });
