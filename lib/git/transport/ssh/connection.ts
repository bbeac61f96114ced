import { connect as dial, type Socket } from "node:net";
import { Client, type ConnectConfig, type PublicKeyAuthMethod } from "ssh2";
import type { AppError } from "@/lib/domain/error";
import type { RepositoryAuth } from "@/lib/domain/repository";
import { connectionError } from "@/lib/net/connection-errors";
import { Deadlines } from "@/lib/net/deadlines";
import type { EgressPolicy, ResolvedAddress } from "@/lib/net/egress";
import { pinned } from "@/lib/net/pinned";
import type { SshAddress } from "../remote-url";
import type { RemoteTimeouts } from "@/lib/net/deadlines";
import { fingerprint, type HostKeys, keyType } from "./host-keys";
import { readPrivateKey } from "./private-key";
import { authError, hostKeyChanged, handshakeError } from "./ssh-errors";

export interface SshOptions {
  address: SshAddress;
  auth: RepositoryAuth;
  /** The operator chose this host, so it may be a private address. */
  trusted: boolean;
  egress: EgressPolicy;
  hostKeys: HostKeys;
  timeouts: RemoteTimeouts;
  signal: AbortSignal;
  /** Told once the server proved that it holds its key. */
  onHostKey?: ((key: { type: string; fingerprint: string; isNew: boolean }) => void) | undefined;
}

/** Who signs in: the URL says, else the credentials, else what every git server uses. */
function userOf({ address, auth }: Pick<SshOptions, "address" | "auth">): string {
  const named = auth.kind === "none" ? undefined : auth.user;
  return address.user ?? named ?? "git";
}

/**
 * Connects to an address that egress allowed, checks the server's key against the pinned one, and signs in. The first
 * key of a server is pinned. Throws RemoteUnreachable, HostKeyChanged, RemoteAuthFailed, PermissionDenied.
 */
export async function openSsh(options: SshOptions): Promise<Client> {
  const { address, egress, hostKeys, trusted, signal, timeouts } = options;
  signal.throwIfAborted();
  const addresses = await egress.resolve({ host: address.host, port: address.port, trusted, ssh: true });
  const known = await hostKeys.list(address);
  const config = await credentials(options);
  const client = new Client();
  let ended: unknown;
  const end = (reason: unknown) => {
    ended ??= reason;
    client.destroy();
    socket.destroy();
  };
  const deadlines = new Deadlines(address.host, timeouts, end);
  const onAbort = () => {
    end(signal.reason);
  };
  signal.addEventListener("abort", onAbort);
  const socket = dial({ host: address.host, port: address.port, lookup: pinned(addresses) });
  try {
    await connected(socket, options, addresses);
    await handshake(client, { socket, options, known, config, refuse: end });
    return client;
  } catch (error) {
    client.destroy();
    socket.destroy();
    throw ended ?? error;
  } finally {
    deadlines.stop();
    signal.removeEventListener("abort", onAbort);
  }
}

/** Stands once bytes can be sent. */
async function connected(
  socket: Socket,
  { address, timeouts }: SshOptions,
  addresses: readonly ResolvedAddress[],
): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
      socket.once("close", () => {
        reject(new Error("The connection was closed."));
      });
    });
  } catch (error) {
    const peer = { ...address, address: addresses[0]?.address ?? address.host };
    throw await connectionError(error, peer, timeouts.connectMs);
  }
}

interface Handshake {
  socket: Socket;
  options: SshOptions;
  known: { type: string; fingerprint: string }[];
  config: Partial<ConnectConfig>;
  refuse: (reason: AppError) => void;
}

async function handshake(client: Client, given: Handshake): Promise<void> {
  const { socket, options, known, config, refuse } = given;
  const { address, auth, hostKeys, onHostKey } = options;
  let offered: Buffer | undefined;
  let pinning: Promise<void> | undefined;
  const verify = (key: Buffer): boolean => {
    offered = key;
    const same = known.some((one) => one.fingerprint === fingerprint(key));
    if (known.length === 0 || same) return true;
    refuse(hostKeyChanged(address, known, key));
    return false;
  };
  client.once("handshake", () => {
    if (!offered) return;
    const isNew = known.length === 0;
    if (isNew) {
      pinning = hostKeys.pin(address, offered);
      // Awaited below, once signed in.
      pinning.catch(() => undefined);
    }
    onHostKey?.({ type: keyType(offered), fingerprint: fingerprint(offered), isNew });
  });
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve);
      client.on("error", reject);
      client.once("close", () => {
        reject(new Error("The connection was closed."));
      });
      client.on("keyboard-interactive", (_name, _text, _language, prompts, answer) => {
        answer(auth.kind === "password" ? prompts.map(() => auth.password.reveal()) : []);
      });
      client.connect({
        ...config,
        sock: socket,
        username: userOf(options),
        hostVerifier: verify,
        // Our own deadline counts.
        readyTimeout: 0,
        ident: "switchyard",
        ...(known.length > 0 ? { algorithms: { serverHostKey: algorithmsOf(known) } } : {}),
      });
    });
    await pinning;
  } catch (error) {
    const level = error instanceof Error && "level" in error ? error.level : undefined;
    if (level === "client-authentication") throw await authError(options, userOf(options), error);
    throw handshakeError(error, address, known);
  }
}

type HostKeyAlgorithm =
  | "ssh-ed25519"
  | "ecdsa-sha2-nistp256"
  | "ecdsa-sha2-nistp384"
  | "ecdsa-sha2-nistp521"
  | "rsa-sha2-512"
  | "rsa-sha2-256"
  | "ssh-rsa";

/** A pinned server is asked for the kind of key that is pinned: another kind would prove nothing. */
function algorithmsOf(known: readonly { type: string }[]): HostKeyAlgorithm[] {
  const RSA: HostKeyAlgorithm[] = ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"];
  const OTHERS: HostKeyAlgorithm[] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
  ];
  const types = new Set(known.map(({ type }) => type));
  return [...OTHERS.filter((type) => types.has(type)), ...(types.has("ssh-rsa") ? RSA : [])];
}

async function credentials(options: SshOptions): Promise<Partial<ConnectConfig>> {
  const { auth } = options;
  const username = userOf(options);
  switch (auth.kind) {
    case "sshkey": {
      const key = await readPrivateKey(auth.key, auth.passphrase);
      const method: PublicKeyAuthMethod = { type: "publickey", username, key };
      return { authHandler: [method] };
    }
    case "password":
      return {
        password: auth.password.reveal(),
        tryKeyboard: true,
        authHandler: ["password", "keyboard-interactive"],
      };
    case "none":
      return { authHandler: ["none"] };
  }
}
