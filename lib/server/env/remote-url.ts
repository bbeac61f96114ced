/** What a git URL says, in whichever of git's forms it is written. */
export interface RemoteUrl {
  protocol: "https" | "http" | "ssh" | "file";
  /** Lower case; empty for `file`. */
  host: string;
  /** Protocol, host and port; the user too for SSH. What a credential is bound to. */
  origin: string;
}

const PORTS = { https: "443", http: "80", ssh: "22" } as const;

function scpForm(text: string): RemoteUrl | null {
  const match = /^(?:([A-Za-z0-9._-]+)@)?(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):(?!\/\/)(.+)$/.exec(text);
  if (!match) return null;
  const [, user = "git", host = "", path = ""] = match;
  if (host.startsWith("-") || user.startsWith("-") || path.startsWith("-")) return null;
  return {
    protocol: "ssh",
    host: host.toLowerCase(),
    origin: `ssh://${user}@${host.toLowerCase()}:22`,
  };
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    // Not a URL; the caller says so in its own words.
    return null;
  }
}

/**
 * Reads a git URL. Answers the end of the sentence "The URL …" when it cannot be used; such a sentence never repeats
 * the URL, which may carry a password.
 */
export function parseRemoteUrl(text: string): RemoteUrl | string {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f\\]/.test(text)) return "contains a space, a backslash or a control character.";
  if (text.startsWith("-")) return "starts with a hyphen.";
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return scpForm(text) ?? "must start with https://, http:// or ssh://, or look like git@host:path.";
  }
  const url = parsed(text);
  if (!url) return "is not a valid URL.";
  const protocol = url.protocol.slice(0, -1);
  if (protocol !== "https" && protocol !== "http" && protocol !== "ssh" && protocol !== "file")
    return "must use https, http, ssh or file.";
  if (url.search || url.hash) return "must not contain a query or a fragment.";
  if (url.password || (url.username && protocol !== "ssh"))
    return "must not contain a user or password; put them in auth.user and auth.password instead.";
  if (protocol === "file") {
    return url.host === "" && url.pathname.length > 1
      ? { protocol, host: "", origin: "file://" }
      : "must have an absolute path, as in file:///srv/git/workspaces.git.";
  }
  if (
    !url.hostname ||
    url.hostname.startsWith("-") ||
    url.username.startsWith("-") ||
    url.pathname.length < 2
  )
    return "must have a host and a path.";
  const host = url.hostname.toLowerCase();
  const user = protocol === "ssh" ? `${url.username || "git"}@` : "";
  return { protocol, host, origin: `${protocol}://${user}${host}:${url.port || PORTS[protocol]}` };
}
