import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utils } from "ssh2";
import { fingerprint } from "@/lib/git/transport/ssh/host-keys";
import { bareRepository, type GitServerOptions, type TestRepository } from "../git/git-server";
import { type InProcessSetup, startInProcess } from "./in-process";
import { findSshd, type RunningSsh, startSshd } from "./sshd";

export interface SshServerOptions
  extends
    Pick<GitServerOptions, "filter" | "atomic" | "anyObject">,
    Pick<InProcessSetup, "password" | "isInteractive" | "answer" | "maxSessions" | "prints" | "gitShell"> {
  /** Passes GIT_PROTOCOL on (default: yes); without it git speaks protocol version 0. */
  acceptsProtocol?: boolean;
}

export interface SshServer {
  /** `sshd`: OpenSSH's own. */
  kind: "sshd" | "in-process";
  /** `ssh://user@127.0.0.1:port`. */
  url: string;
  root: string;
  port: number;
  user: string;
  /** The private key that may sign in. */
  key: string;
  /** As `SHA256:…`, of the host key in use. */
  hostKey: string;
  repository(name: string): Promise<TestRepository>;
  /** Comes back on the same port with another host key. */
  changeHostKey(): Promise<void>;
  close(): Promise<void>;
}

export interface KeyPair {
  private: string;
  public: string;
}

let warned = false;

/** Serves bare repositories of a temporary folder over SSH, by OpenSSH's server where there is one. */
export async function sshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-ssh-"));
  const root = join(folder, "repositories");
  await mkdir(root);
  const client = newKey();
  const program = findSshd();
  // What OpenSSH would need an account of the machine for, or would never do.
  const isSpecial = options.password !== undefined || options.answer !== undefined;
  if (!program && !isSpecial && !warned) {
    warned = true;
    process.stderr.write(
      "There is no sshd here; SSH is tested against a server inside the test process instead.\n",
    );
  }
  let hostKey = newKey();
  const start = (port: number): Promise<RunningSsh> => {
    const setup = {
      ...options,
      folder,
      hostKeys: [hostKey.private],
      authorized: client.public,
      acceptsProtocol: options.acceptsProtocol ?? true,
      port,
    };
    return program && !isSpecial ? startSshd(program, setup) : startInProcess(setup);
  };
  let running = await start(0);
  const { port, user } = running;
  const url = `ssh://${user}@127.0.0.1:${String(port)}`;
  return {
    kind: program && !isSpecial ? "sshd" : "in-process",
    url,
    root,
    port,
    user,
    key: client.private,
    get hostKey() {
      return fingerprintOf(hostKey);
    },
    repository: (name) => bareRepository(root, `${url}${root}`, name, options),
    async changeHostKey() {
      await running.stop();
      hostKey = newKey();
      running = await start(port);
    },
    async close() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A key pair in OpenSSH's form, encrypted when a passphrase is given. */
export function newKey(passphrase?: string): KeyPair {
  // About one in 150 of the keys that this library makes is malformed, for itself as for ssh-keygen.
  for (;;) {
    const pair = passphrase
      ? utils.generateKeyPairSync("ed25519", { passphrase, cipher: "aes256-ctr", rounds: 2 })
      : utils.generateKeyPairSync("ed25519");
    if (!(utils.parseKey(pair.private, passphrase) instanceof Error)) return pair;
  }
}

function fingerprintOf(key: KeyPair): string {
  const parsed = utils.parseKey(key.public);
  if (parsed instanceof Error) throw parsed;
  return fingerprint(parsed.getPublicSSH());
}
