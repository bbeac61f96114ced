import { isIP } from "node:net";
import { connect } from "node:tls";
import { AppError } from "@/lib/domain/error";
import type { Service } from "./transport";

/** What an HTTP status means for whoever set up the repository; null when it is fine. */
export function statusError(status: number, service: Service, location: string | undefined): AppError | null {
  if (status === 200) return null;
  const details = { status };
  if (status === 401) {
    return new AppError(
      "RemoteAuthFailed",
      "The remote refuses the credentials (401). Check the repository's user and password or access token.",
      details,
    );
  }
  if (status === 403) {
    const right = service === "git-receive-pack" ? "write to" : "read";
    return new AppError(
      "RemoteAuthFailed",
      `The remote knows the credentials but does not let them ${right} this repository (403). Check the token's scopes and the account's role.`,
      details,
    );
  }
  if (status === 404 || status === 410) {
    return new AppError(
      "RemoteNotFound",
      `The remote has no repository at this URL (${String(status)}), or hides it from these credentials. Check the URL and who may read it.`,
      details,
    );
  }
  if (status >= 300 && status < 400) {
    return new AppError(
      "RemoteUnreachable",
      `The remote redirects${redirectTarget(location)} and redirects are not followed. Set the repository's URL to its final address.`,
      details,
    );
  }
  const again = status === 429 ? "asks to slow down" : "answered with an error";
  return new AppError(
    "RemoteUnreachable",
    `The remote ${again} (HTTP ${String(status)}). Try again later.`,
    details,
  );
}

function redirectTarget(location: string | undefined): string {
  if (!location || !URL.canParse(location)) return "";
  const { protocol, host } = new URL(location);
  return ` to ${protocol}//${host}`;
}

const CERTIFICATE =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;

export interface Peer {
  host: string;
  port: number;
  /** The address that egress allowed. */
  address: string;
}

/** Translates a failed connection; for a refused certificate it looks which one that was. */
export async function connectionError(error: unknown, peer: Peer, timeoutMs: number): Promise<AppError> {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const unreachable = (reason: string, message: string) =>
    new AppError("RemoteUnreachable", message, { host: peer.host, reason }, { cause: error });
  const where = `${peer.host}:${String(peer.port)}`;
  if (CERTIFICATE.test(code)) {
    const name = await certificateName(peer, timeoutMs);
    return unreachable("tls", certificateMessage(code, name, peer.host));
  }
  if (code === "ECONNREFUSED") {
    return unreachable(
      "refused",
      `Nothing accepts connections at ${where}. Check the URL's port and that the git server runs.`,
    );
  }
  if (["EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"].includes(code)) {
    return unreachable("network", `There is no route to ${where}. Check the server's network and firewall.`);
  }
  if (code === "ETIMEDOUT") {
    return unreachable(
      "timeout",
      `${where} did not answer in time. Check the server's network and firewall.`,
    );
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL")) {
    return unreachable(
      "tls",
      `${where} does not speak TLS as expected. Check whether the URL should be http or https.`,
    );
  }
  return unreachable(
    "connection",
    `The connection to ${where} broke. Try again; if it stays, check the git server's log.`,
  );
}

function certificateMessage(code: string, name: string | null, host: string): string {
  const which = name ? `The certificate ${name}` : `The certificate of ${host}`;
  if (code === "CERT_HAS_EXPIRED") return `${which} has expired. Renew it on the git server.`;
  if (code === "CERT_NOT_YET_VALID") return `${which} is not valid yet. Check the clocks of both servers.`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `${which} is not for ${host}. Use the name that the certificate carries, or have it reissued.`;
  }
  return `${which} is not trusted by this server (${code}). Give the certificate authority as the repository's CA, or name its file in NODE_EXTRA_CA_CERTS and restart.`;
}

/** Connects once more, sends nothing, and reads the subject of the certificate that was refused. */
function certificateName({ host, port, address }: Peer, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({
      host: address,
      port,
      rejectUnauthorized: false,
      ...(isIP(host) ? {} : { servername: host }),
    });
    const end = (name: string | null) => {
      resolve(name);
      socket.destroy();
    };
    socket.setTimeout(timeoutMs, () => {
      end(null);
    });
    socket.once("error", () => {
      end(null);
    });
    socket.once("secureConnect", () => {
      const { subject, issuer } = socket.getPeerCertificate();
      const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
      const clean = (text: string | undefined) =>
        (text ?? "unnamed").replace(/[^\w .*@:-]/g, "").slice(0, 100);
      // A server may present no certificate at all; the types say otherwise.
      end(
        (subject as unknown)
          ? `"${clean(one(subject.CN) ?? one(subject.O))}" (issued by "${clean(one(issuer.CN) ?? one(issuer.O))}")`
          : null,
      );
    });
  });
}
