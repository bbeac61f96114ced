import { z } from "zod";

export const ReadinessPart = z.object({
  status: z.enum(["ok", "failed", "pending"]),
  message: z.string().optional(),
});
export type ReadinessPart = z.infer<typeof ReadinessPart>;

/** A group of the import at start; `group` is null for all workspaces of the repository. */
export const StartupGroupView = z.object({
  group: z.string().nullable(),
  status: z.enum(["pending", "running", "done", "failed", "skipped"]),
  /** Why; the operation has the details, for those who may see them. */
  message: z.string().optional(),
  error: z.string().optional(),
  operationId: z.string().optional(),
});
export type StartupGroupView = z.infer<typeof StartupGroupView>;

export const StartupPart = ReadinessPart.extend({ groups: z.array(StartupGroupView).optional() });
export type StartupPart = z.infer<typeof StartupPart>;

export const ReadinessService = z.object({
  status: z.enum(["ready", "error", "pending"]),
  message: z.string().optional(),
  groups: StartupPart.shape.groups,
});
export type ReadinessService = z.infer<typeof ReadinessService>;

/** `GET /v2/readiness`: whether this process can serve, part by part, and under the published names. */
export const Readiness = z.object({
  status: z.enum(["ready", "error"]),
  services: z.record(z.string(), ReadinessService),
  database: ReadinessPart,
  git: ReadinessPart,
  disk: ReadinessPart,
  startupImport: StartupPart,
  /** There, and failed, once the process was asked to stop. */
  process: ReadinessPart.optional(),
});
export type Readiness = z.infer<typeof Readiness>;
