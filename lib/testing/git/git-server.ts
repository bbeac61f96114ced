import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { serveGit } from "./backend";
import { git, GIT_ENVIRONMENT, gitOutput, gitWithInput } from "./run";

export { git, gitWithInput, writeFiles } from "./run";

export interface GitServerOptions {
  /** With a password every request has to carry it. */
  password?: string;
  user?: string;
  /** What new repositories allow: partial fetches (default: yes) and atomic pushes (default: yes). */
  filter?: boolean;
  atomic?: boolean;
  /** Answers over TLS with this key and certificate. */
  tls?: { key: string; cert: string };
  /** Speaks protocol version 2 when asked to (default: yes). */
  version2?: boolean;
  /** Hands out objects that no ref names, to clients of version 0 (default: no; those of version 2 get them anyway). */
  anyObject?: boolean;
}

/** How the server meets requests: as it should, not at all, with a status, or with silence until its mood changes. */
type ServerMood = "up" | "down" | "silent" | number;

export interface TestRepository {
  name: string;
  /** Over HTTP, without credentials. */
  url: string;
  /** The same repository on disk, as a `file://` URL. */
  fileUrl: string;
  /** The bare repository. */
  path: string;
  git(...args: string[]): Promise<string>;
  /** A work tree of its own, cloned from disk; made once for each call. */
  clone(): Promise<string>;
  /** Commits files on a branch as somebody else's push would; null removes one. Returns the commit. */
  commit(files: Record<string, string | Buffer | null>, options?: CommitOptions): Promise<string>;
  /** The bytes of a file at a ref, as text. */
  read(ref: string, path: string): Promise<string>;
  /** What `git fsck --strict` complains about; empty when all is well. */
  fsck(): Promise<string>;
  /** Installs an executable hook. */
  hook(name: string, script: string): Promise<void>;
}

interface CommitOptions {
  branch?: string;
  message?: string;
  /** Where a new branch starts; default: the branch itself, or nothing. */
  from?: string;
}

export interface GitServer {
  url: string;
  root: string;
  mood: ServerMood;
  /** Redirects from the beginning of a path to another, or to another address. */
  moves: Map<string, string>;
  /** Every request so far, as `METHOD path?query`. */
  requests: string[];
  bytesIn: number;
  bytesOut: number;
  resetCounts(): void;
  repository(name: string): Promise<TestRepository>;
  close(): Promise<void>;
}

/** Serves bare repositories of a temporary folder through `git http-backend` on a loopback port. */
export async function gitServer(options: GitServerOptions = {}): Promise<GitServer> {
  const root = await mkdtemp(join(tmpdir(), "switchyard-git-"));
  const counts = { requests: [] as string[], bytesIn: 0, bytesOut: 0 };
  const state: { mood: ServerMood } = { mood: "up" };
  const moves = new Map<string, string>();
  const kept = new Set<Socket>();
  const credentials =
    options.password === undefined
      ? null
      : `Basic ${Buffer.from(`${options.user ?? "git"}:${options.password}`).toString("base64")}`;
  const answer: RequestListener = (request, response) => {
    counts.requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    const moved = [...moves].find(([from]) => request.url?.startsWith(from));
    if (moved) {
      response.writeHead(301, { location: (request.url ?? "").replace(...moved) }).end();
    } else if (state.mood === "down") {
      request.socket.destroy();
    } else if (state.mood === "silent") {
      kept.add(request.socket);
    } else if (typeof state.mood === "number") {
      response.writeHead(state.mood).end();
    } else if (credentials !== null && request.headers.authorization !== credentials) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    } else {
      serveGit(root, request, response, counts, options.version2);
    }
  };
  const server = options.tls ? createTlsServer(options.tls, answer) : createServer(answer);
  await listen(server);
  const url = `${options.tls ? "https" : "http"}://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url,
    root,
    get mood() {
      return state.mood;
    },
    set mood(mood) {
      state.mood = mood;
      for (const socket of kept) socket.destroy();
      kept.clear();
    },
    moves,
    get requests() {
      return counts.requests;
    },
    get bytesIn() {
      return counts.bytesIn;
    },
    get bytesOut() {
      return counts.bytesOut;
    },
    resetCounts() {
      Object.assign(counts, { requests: [], bytesIn: 0, bytesOut: 0 });
    },
    repository: (name) => bareRepository(root, url, name, options),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** A bare repository in a folder, reachable below a URL that serves the folder. */
export async function bareRepository(
  root: string,
  url: string,
  name: string,
  options: Pick<GitServerOptions, "filter" | "atomic" | "anyObject"> = {},
): Promise<TestRepository> {
  const path = join(root, `${name}.git`);
  // Each git command is a process: sample hooks and settings one by one would cost more than most tests.
  await git(root, "init", "-q", "--bare", "--template=", path);
  await mkdir(join(path, "hooks"));
  await appendFile(join(path, "config"), configOf(options));
  let clones = 0;
  const clone = async () => {
    const target = join(root, `${name}-clone-${String(++clones)}`);
    await git(root, "clone", "-q", path, target);
    return target;
  };
  return {
    name,
    url: `${url}/${name}.git`,
    fileUrl: pathToFileURL(path).href,
    path,
    git: (...args) => git(path, ...args),
    clone,
    commit: (files, commit = {}) => commitFiles(path, files, commit),
    read: (ref, file) => gitOutput(path, null, "cat-file", "blob", `${ref}:${file}`),
    fsck: () => git(path, "fsck", "--strict", "--no-dangling", "--no-progress"),
    hook: (hook, script) => writeFile(join(path, "hooks", hook), script, { mode: 0o755 }),
  };
}

function configOf({
  filter = true,
  atomic = true,
  anyObject = false,
}: Pick<GitServerOptions, "filter" | "atomic" | "anyObject">): string {
  return `[http]
\treceivepack = true
[uploadpack]
\tallowFilter = ${String(filter)}
\tallowAnySHA1InWant = ${String(anyObject)}
[receive]
\tadvertiseAtomic = ${String(atomic)}
`;
}

/** As a stock client's clone, commit and push would leave the repository, without the dozen processes of those. */
async function commitFiles(
  path: string,
  files: Record<string, string | Buffer | null>,
  { branch = "main", message = "A commit of a client", from }: CommitOptions,
): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const exists = (await git(path, "for-each-ref", ref)) !== "";
  const start = from ?? (exists ? ref : undefined);
  const { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email } = GIT_ENVIRONMENT;
  const parts = [
    `commit ${ref}\ncommitter ${name} <${email}> now\n`,
    fastImportData(`${message}\n`),
    start === undefined ? "" : `from ${start}^0\n`,
    ...Object.entries(files).flatMap(([file, content]) =>
      content === null
        ? [`D ${JSON.stringify(file)}\n`]
        : [`M 100644 inline ${JSON.stringify(file)}\n`, fastImportData(content)],
    ),
  ];
  await gitWithInput(
    path,
    Buffer.concat(parts.map((part) => Buffer.from(part))),
    ...["fast-import", "--quiet", "--date-format=now"],
  );
  return git(path, "rev-parse", ref);
}

function fastImportData(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${String(bytes.length)}\n`), bytes, Buffer.from("\n")]);
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
}
