import { spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { Server, utils, type AuthContext, type ServerChannel } from "ssh2";
import { GIT_ENVIRONMENT } from "../git/run";
import type { RunningSsh, SshSetup } from "./sshd";

export interface InProcessSetup extends SshSetup {
  password?: string;
  /** Asks for the password question by question, as servers with PAM do. */
  isInteractive?: boolean;
  /** Answers instead of git. */
  answer?: (channel: ServerChannel, command: string) => void;
}

/** An SSH server inside this process that runs the real git services: where there is no sshd, and for what sshd cannot do. */
export async function startInProcess(setup: InProcessSetup): Promise<RunningSsh> {
  const connections = new Set<{ end(): void }>();
  const server = new Server({ hostKeys: setup.hostKeys }, (connection) => {
    connections.add(connection);
    connection.on("close", () => connections.delete(connection));
    // A client that goes away at any point is what some tests are about.
    connection.on("error", () => undefined);
    connection.on("authentication", (context) => {
      admit(context, setup);
    });
    let open = 0;
    connection.on("session", (accept, reject) => {
      if (open >= (setup.maxSessions ?? Infinity)) {
        reject();
        return;
      }
      open++;
      const session = accept();
      session.on("close", () => open--);
      let protocol = "";
      session.on("env", (acceptEnv, reject, info) => {
        // Both are absent when the client does not ask for an answer, whatever the types say.
        const answer = (setup.acceptsProtocol ? acceptEnv : reject) as (() => void) | undefined;
        if (setup.acceptsProtocol && info.key === "GIT_PROTOCOL") protocol = info.val;
        answer?.();
      });
      session.on("exec", (acceptExec, _reject, info) => {
        const channel = acceptExec();
        if (setup.prints !== undefined) channel.write(`${setup.prints}\n`);
        if (setup.answer) setup.answer(channel, info.command);
        else runGit(channel, info.command, protocol);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(setup.port, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    user: "git",
    async stop() {
      for (const connection of connections) connection.end();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

function admit(context: AuthContext, { authorized, password, isInteractive }: InProcessSetup): void {
  if (context.method === "publickey") {
    const allowed = utils.parseKey(authorized);
    if (allowed instanceof Error) throw allowed;
    const isSame = allowed.getPublicSSH().equals(context.key.data);
    const isSigned =
      !context.signature ||
      allowed.verify(context.blob ?? Buffer.alloc(0), context.signature, context.hashAlgo);
    if (isSame && isSigned) context.accept();
    else context.reject(["publickey"]);
  } else if (password !== undefined && context.method === "password" && !isInteractive) {
    if (context.password === password) context.accept();
    else context.reject(["password"]);
  } else if (password !== undefined && context.method === "keyboard-interactive" && isInteractive) {
    context.prompt([{ prompt: "Password: ", echo: false }], (answers) => {
      if (answers[0] === password) context.accept();
      else context.reject();
    });
  } else {
    context.reject(
      password === undefined ? ["publickey"] : [isInteractive ? "keyboard-interactive" : "password"],
    );
  }
}

function runGit(channel: ServerChannel, command: string, protocol: string): void {
  // The shell takes the quotes away, as it does behind sshd.
  const child = spawn("/bin/sh", ["-c", command], {
    env: { ...process.env, ...GIT_ENVIRONMENT, ...(protocol ? { GIT_PROTOCOL: protocol } : {}) },
  });
  child.stdin.on("error", () => undefined);
  channel.on("error", () => undefined);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
}
