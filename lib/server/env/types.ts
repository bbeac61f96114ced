import type { Group } from "@/lib/domain/bulk";
import type { Repository, SecretValue } from "@/lib/domain/repository";
import type { CommitIdentity } from "@/lib/git/git-repository";
import type { ProxySettings } from "@/lib/net/proxy";
import type { AccessSettings } from "./access";
import type { Limits } from "./limits";

/** A value that the environment supplies to a workspace's configuration or secrets. */
export interface SuppliedValue {
  /** Written as in the variable; compare with `suppliedFor`. */
  slug: string;
  name: string;
  value: string;
}

/** Everything that the environment decides, parsed once at start. */
export interface Env {
  host: string;
  port: number;
  /** How long an idle connection is kept for the next request. */
  keepAliveSeconds: number;
  databaseUrl: string;
  /** Absolute. */
  dataDir: string;
  /** Undefined: the key file in the data folder. */
  masterKey: SecretValue | undefined;
  /** The key that secrets were sealed with until now; given while the master key is rotated. */
  previousMasterKey: SecretValue | undefined;
  /** Where the DNS records of custom domains point. */
  pagesHost: string;
  /** Name servers to ask about them; none: the system's. */
  dnsServers: string[];
  publicUrl: string | undefined;
  environment: { name: string; color: string };
  bootstrap: { email: string; password: SecretValue | undefined; token: SecretValue | undefined };
  superAdminEmails: string[];
  access: AccessSettings;
  demo: "auto" | "false";
  egressAllow: string[];
  /** What https to git servers goes through. */
  proxy: ProxySettings | undefined;
  /** Who commits are from; undefined: who acts. */
  commitIdentity: CommitIdentity | undefined;
  /** PEM of the authorities in NODE_EXTRA_CA_CERTS. */
  extraCa: string | undefined;
  /** In the order of declaration; the first is the default of bulk operations. */
  platformRepositories: Repository[];
  groups: Group[];
  startupImport: { repositoryId: string; groups: string[] } | null;
  writeLockTimeoutMinutes: number;
  eventRetention: { inactivityDays: number; maxEvents: number; retentionDays: number };
  limits: Limits;
  configValues: SuppliedValue[];
  secretValues: (Omit<SuppliedValue, "value"> & { value: SecretValue })[];
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent";
}
