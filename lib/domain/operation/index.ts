import { z } from "zod";

export const OperationKind = z.enum(["push", "pull", "import", "rollback", "bulkPush", "bulkImport"]);
export type OperationKind = z.infer<typeof OperationKind>;

export const OperationState = z.enum(["running", "cancelling", "done"]);
export type OperationState = z.infer<typeof OperationState>;

export const OperationOutcome = z.enum(["succeeded", "partial", "failed", "cancelled", "interrupted"]);
export type OperationOutcome = z.infer<typeof OperationOutcome>;

export const Initiator = z.enum(["user", "token", "startup", "schedule"]);
export type Initiator = z.infer<typeof Initiator>;

export const ErrorRecord = z.object({
  error: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorRecord = z.infer<typeof ErrorRecord>;

/** One row of `GET /v2/operations`. `cursor` is that of its newest event. */
export const Operation = z.object({
  id: z.string(),
  kind: OperationKind,
  state: OperationState,
  outcome: OperationOutcome.optional(),
  workspaceId: z.string(),
  workspaceName: z.string().optional(),
  workspaceSlug: z.string().optional(),
  repositoryId: z.string().optional(),
  initiator: Initiator,
  userId: z.string(),
  userEmail: z.string().optional(),
  correlationId: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().optional(),
  input: z.record(z.string(), z.unknown()),
  result: z.record(z.string(), z.unknown()).optional(),
  errors: z.array(ErrorRecord),
});
export type Operation = z.infer<typeof Operation>;

const PROGRESS_STEPS = [
  "checkout",
  "pull",
  "pull:import",
  "pull:import:done",
  "pull:merge",
  "write",
  "push",
  "push:merge",
  "push:tag",
  "pull:done",
  "push:done",
  "error",
] as const;
export type ProgressStep = (typeof PROGRESS_STEPS)[number];

/** Payload of `workspaces.versions.progress`; `stepDuration` in milliseconds since the step before. */
export const StepProgress = z.object({
  operation: z.enum(["push", "pull"]),
  step: z.enum(PROGRESS_STEPS),
  message: z.string(),
  startedAt: z.string(),
  repositoryId: z.string(),
  branch: z.string(),
  stepDuration: z.number(),
});
export type StepProgress = z.infer<typeof StepProgress>;
