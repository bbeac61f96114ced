import { isAbsolute, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "@/lib/domain/error";

export type RemoteUrl = { kind: "http"; url: URL } | { kind: "file"; path: string };

function refuse(problem: string): AppError {
  return new AppError("InvalidRequest", `The repository's URL ${problem}.`);
}

/**
 * The only way to a remote's address. Throws InvalidRequest for what is no plain http, https or file URL;
 * the message never repeats the URL, which may carry a password.
 */
export function parseRemoteUrl(text: string): RemoteUrl {
  if (text === "") throw refuse("is missing. Give the https address of a git repository");
  if (text.length > 2000) throw refuse("is longer than 2000 characters");
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f-\u00a0\\]/.test(text))
    throw refuse("contains a space, a control character or a backslash");
  if (text.startsWith("-")) throw refuse("starts with a hyphen");
  if (/^ssh:/i.test(text) || /^git\+ssh:/i.test(text) || isScpForm(text)) {
    throw refuse("is an SSH address, which this version cannot use yet. Use the repository's https address");
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== "http" && scheme !== "https" && scheme !== "file") {
    throw refuse("must start with https:// (or http://, or file:// for a platform repository)");
  }
  if (!text.slice(scheme.length).startsWith("://")) throw refuse(`must start with ${scheme}://`);
  const url = parse(text);
  if (url.username !== "" || url.password !== "" || /^[^/]*@/.test(text.slice(scheme.length + 3))) {
    throw refuse("contains a user or password. Put them into auth.user and auth.password instead");
  }
  if (text.includes("?") || text.includes("#")) throw refuse("has a query or fragment. Leave it out");
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

/** `user@host:path` as ssh clients read it: a colon before any slash, and no scheme. */
function isScpForm(text: string): boolean {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return false;
  return /^[^/:@]+@[^/:]+:/.test(text) || /^[\w.-]+\.[\w.-]+:[^/]/.test(text);
}
