import { isAbsolute, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "@/lib/domain/error";

/** Where a repository lies on an SSH server. */
export interface SshAddress {
  host: string;
  port: number;
  /** As the URL names it. */
  user: string | undefined;
  /** As the server reads it: absolute, relative to the user's home, or `~name/…`. */
  path: string;
}

export type RemoteUrl =
  { kind: "http"; url: URL } | { kind: "ssh"; address: SshAddress } | { kind: "file"; path: string };

function refuse(problem: string): AppError {
  return new AppError("InvalidRequest", `The repository's URL ${problem}.`);
}

/**
 * The only way to a remote's address. Throws InvalidRequest for what is no plain http, https, ssh or file URL;
 * the message never repeats the URL, which may carry a password.
 */
export function parseRemoteUrl(text: string): RemoteUrl {
  if (text === "") throw refuse("is missing. Set it to the https address of a git repository");
  if (text.length > 2000) throw refuse("is longer than 2000 characters");
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f-\u00a0\\]/.test(text))
    throw refuse("contains a space, a control character or a backslash");
  if (text.startsWith("-")) throw refuse("starts with a hyphen");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  const scp = scheme === undefined ? scpForm(text) : null;
  if (scp) return { kind: "ssh", address: scp };
  if (scheme === "ssh" || scheme === "git+ssh" || scheme === "ssh+git") {
    return { kind: "ssh", address: sshAddress(parse(text.replace(/^[^:]+/, "ssh"))) };
  }
  if (scheme !== "http" && scheme !== "https" && scheme !== "file") {
    throw refuse("must start with https://, http:// or ssh://, or look like git@host:path");
  }
  const url = parse(text);
  if (url.username !== "" || url.password !== "" || /^[^/]*@/.test(text.slice(scheme.length + 3))) {
    throw refuse("contains a user or password. Put them in auth.user and auth.password instead");
  }
  if (text.includes("?") || text.includes("#")) throw refuse("has a query or fragment. Remove it");
  if (scheme === "file") return { kind: "file", path: filePath(url) };
  if (text.slice(scheme.length + 3).startsWith("/") || url.hostname === "") throw refuse("has no host");
  return { kind: "http", url };
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw new AppError("InvalidRequest", "The repository's URL cannot be read as a URL.", undefined, {
      cause,
    });
  }
}

function filePath(url: URL): string {
  if (url.hostname !== "") throw refuse("is a file URL with a host. Use file:/// and an absolute path");
  if (/%2f|%5c|%00/i.test(url.pathname)) throw refuse("contains an encoded separator");
  const path = fileURLToPath(url);
  if (!isAbsolute(path) || path === "/") throw refuse("needs the absolute path of a repository");
  return normalize(path);
}

function sshAddress(url: URL): SshAddress {
  if (url.password !== "") {
    throw refuse("contains a password. Put it in auth.password instead, or use auth.sshkey");
  }
  if (url.search !== "" || url.hash !== "") throw refuse("has a query or fragment. Remove it");
  // After /~ a server looks for somebody's home.
  const path = decoded(url.pathname).replace(/^\/~/, "~");
  const port = url.port === "" ? 22 : Number(url.port);
  return checked({ host: url.hostname, port, user: decoded(url.username) || undefined, path });
}

/** `user@host:path` as ssh clients read it: a colon before any slash, and no scheme. */
function scpForm(text: string): SshAddress | null {
  const found = /^(?:([^@/:]+)@)?(\[[0-9a-fA-F:.]+\]|[^/:@[\]]+):(.+)$/.exec(text);
  const [, user, host, path] = found ?? [];
  if (host === undefined || path === undefined || path.startsWith(":")) return null;
  // Without a user a bare word before the colon is a scheme that lost its slashes, or a drive.
  if (user === undefined && !/[.:]/.test(host)) return null;
  return checked({ host, port: 22, user, path: path.replace(/^\/~/, "~") });
}

function checked(address: SshAddress): SshAddress {
  const host = address.host.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "" || !/^[a-z0-9._:-]+$/.test(host)) throw refuse("has no host, or one that cannot be read");
  for (const part of [host, address.user ?? "", address.path]) {
    // A server might take it for an option of its own commands.
    if (part.startsWith("-")) throw refuse("has a part that starts with a hyphen");
  }
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(`${address.user ?? ""}${address.path}`)) {
    throw refuse("contains a control character");
  }
  if (address.path === "" || address.path === "/") throw refuse("does not name a repository on the host");
  return { ...address, host };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new AppError("InvalidRequest", "The repository's URL has a wrong % sequence.", undefined, {
      cause,
    });
  }
}
