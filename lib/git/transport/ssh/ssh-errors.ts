import { AppError } from "@/lib/domain/error";
import type { RepositoryAuth } from "@/lib/domain/repository";
import { remoteText } from "../../protocol/remote-text";
import type { SshAddress } from "../remote-url";
import { fingerprint, keyType } from "./host-keys";
import { readPrivateKey } from "./private-key";

type Known = readonly { type: string; fingerprint: string }[];

const FORGET =
  "If the server's administrator confirms the new key, forget the pinned one (Platform, Repositories, Forget host key) and try again; otherwise someone may be intercepting the connection.";

/** The server shows another key than the one that is pinned. */
export function hostKeyChanged({ host, port }: SshAddress, known: Known, key: Buffer): AppError {
  const pinned = known.map((one) => `${one.fingerprint} (${one.type})`).join(", ");
  const offered = fingerprint(key);
  return new AppError(
    "HostKeyChanged",
    `The SSH server ${host}:${String(port)} presented the host key ${offered} (${keyType(key)}), but ${pinned} is pinned. Nothing was sent. ${FORGET}`,
    { host, port, offered, pinned: known.map((one) => one.fingerprint) },
  );
}

/** Why the conversation broke before anybody signed in. */
export function handshakeError(error: unknown, { host, port }: SshAddress, known: Known): AppError {
  if (error instanceof AppError) return error;
  const said = error instanceof Error ? error.message : "";
  if (known.length > 0 && /host key format/i.test(said)) {
    const pinned = known.map((one) => `${one.fingerprint} (${one.type})`).join(", ");
    return new AppError(
      "HostKeyChanged",
      `The SSH server ${host}:${String(port)} no longer has a host key of the pinned kind: ${pinned}. Nothing was sent. ${FORGET}`,
      { host, port, pinned: known.map((one) => one.fingerprint) },
      { cause: error },
    );
  }
  const level = error instanceof Error && "level" in error ? error.level : undefined;
  const message =
    level === "handshake"
      ? `${host}:${String(port)} and Switchyard could not agree on an SSH algorithm (${remoteText(said)}). Update the SSH server, or check that the port is right.`
      : `${host}:${String(port)} closed the SSH connection before sign-in. Check that the port belongs to an SSH server, and check its log.`;
  return new AppError("RemoteUnreachable", message, { host, reason: "ssh" }, { cause: error });
}

/** The server does not accept who we are. */
export async function authError(
  { auth, address }: { auth: RepositoryAuth; address: SshAddress },
  user: string,
  cause: unknown,
): Promise<AppError> {
  const where = `${address.host}:${String(address.port)}`;
  const details = { host: address.host, user };
  if (auth.kind === "sshkey") {
    const publicKey = (await readPrivateKey(auth.key, auth.passphrase)).getPublicSSH();
    return new AppError(
      "RemoteAuthFailed",
      `The SSH server ${where} refuses the key ${fingerprint(publicKey)} for the user ${user}. Add its public part to the account or as a deploy key there, and check the user in the URL.`,
      { ...details, key: fingerprint(publicKey) },
      { cause },
    );
  }
  return new AppError(
    "RemoteAuthFailed",
    auth.kind === "password"
      ? `The SSH server ${where} refuses the password of the user ${user}. Check it, or use an SSH key: many servers accept only keys.`
      : `The SSH server ${where} asks for credentials. Set auth.sshkey (or auth.password) for the user ${user}.`,
    details,
    { cause },
  );
}

/** What the service printed before it ended without an answer. */
export function serviceError(complaint: string, code: number | null, host: string): AppError {
  const said = complaint === "" ? "" : ` It said: ${complaint}`;
  const details = { host, ...(code === null ? {} : { exitCode: code }) };
  if (
    /not appear to be a git|not a git repo|not found|not be found|does ?n[o']t exist|no such/i.test(complaint)
  ) {
    return new AppError(
      "RemoteNotFound",
      `The SSH server has no repository at this path, or this account cannot see it. Check the URL.${said}`,
      details,
    );
  }
  if (/permission|denied|not allowed|unauthori[sz]ed|forbidden|read.only|access/i.test(complaint)) {
    return new AppError(
      "RemoteAuthFailed",
      `The SSH server accepted the sign-in but does not allow this on the repository. Check the permissions of the account or deploy key.${said}`,
      details,
    );
  }
  return new AppError(
    "RemoteUnreachable",
    `The git service on ${host} ended without a response. Check the server's log, then try again.${said}`,
    { ...details, reason: "connection" },
  );
}
