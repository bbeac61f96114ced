import { z } from "zod";

/** What is checked, in this order: `tls` for https, `hostKey` for SSH. */
export const ConnectionStepName = z.enum(["reach", "tls", "hostKey", "credentials", "branch", "write"]);
export type ConnectionStepName = z.infer<typeof ConnectionStepName>;

/** One line of a connection's test: what was found, and what to do about it when it is not as it should be. */
export const ConnectionStep = z.object({
  number: z.number(),
  step: ConnectionStepName,
  status: z.enum(["ok", "warning", "failed", "skipped"]),
  message: z.string(),
  cure: z.string().optional(),
  /** The address that the repository has moved to. */
  url: z.string().optional(),
});
export type ConnectionStep = z.infer<typeof ConnectionStep>;

/** How far a repository can be used. `ok`: no step failed. */
export const ConnectionReport = z.object({
  repositoryId: z.string(),
  ok: z.boolean(),
  testedAt: z.string(),
  steps: z.array(ConnectionStep),
});
export type ConnectionReport = z.infer<typeof ConnectionReport>;

/** The key of an SSH server, pinned when it was first spoken to. */
export const PinnedHostKey = z.object({
  host: z.string(),
  port: z.number(),
  type: z.string(),
  fingerprint: z.string(),
});
export type PinnedHostKey = z.infer<typeof PinnedHostKey>;

/** `host` or `host:port`, an IPv6 address in brackets; the port of SSH when none is named. */
export const HostAndPort = z
  .string()
  .max(300)
  .regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/, {
    message: "Write host or host:port, as in git.example.com:2222.",
  })
  .transform((text) => {
    const [, host = "", port] = /^(.+?)(?::(\d{1,5}))?$/.exec(text) ?? [];
    return { host: host.replace(/^\[|\]$/g, "").toLowerCase(), port: port === undefined ? 22 : Number(port) };
  });
