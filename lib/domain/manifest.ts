import { z } from "zod";

const Checksums = z.record(z.string(), z.string());

/** `.import.yml`, lenient in what it reads: a field that is not of its form counts as absent. */
export const Manifest = z.object({
  workspaceId: z.string().max(60).optional().catch(undefined),
  version: z
    .object({
      type: z.string().optional().catch(undefined),
      name: z.string().max(200).optional().catch(undefined),
      exportedAt: z.string().max(60).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  groups: z.array(z.string().max(100)).max(200).catch([]).default([]),
  dependsOn: z.array(z.string().max(200)).max(2000).catch([]).default([]),
  app: z
    .object({
      slug: z.string().min(1).max(200),
      name: z.string().max(300).optional(),
      description: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
    })
    .optional()
    .catch(undefined),
  checksums: z
    .object({
      automations: Checksums.optional().catch(undefined),
      pages: Checksums.optional().catch(undefined),
      imports: Checksums.optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});
export type Manifest = z.infer<typeof Manifest>;

/** What a manifest says of its workspace, without the checksums of its files. */
export type ManifestHead = Omit<Manifest, "checksums">;

/** What is known of the manifest in a directory: what it says, or that there is none. */
export type KnownManifest = ManifestHead | "none";
