import { isIP, type Socket } from "node:net";
import { connect, type PeerCertificate } from "node:tls";
import { AppError } from "@/lib/domain/error";

const CERTIFICATE =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;

export interface Peer {
  host: string;
  port: number;
  /** The address that egress allowed. */
  address: string;
  /** Connects in another way than to the address: through a proxy. */
  dial?: () => Promise<Socket>;
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
      `Nothing accepts connections at ${where}. Check the URL's port and that the git server is running.`,
    );
  }
  if (["EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"].includes(code)) {
    return unreachable("network", `There is no route to ${where}. Check the server's network and firewall.`);
  }
  if (code === "ETIMEDOUT") {
    return unreachable(
      "timeout",
      `${where} did not respond in time. Check the server's network and firewall.`,
    );
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL")) {
    return unreachable(
      "tls",
      `${where} does not use TLS as expected. Check whether the URL should be http or https.`,
    );
  }
  return unreachable(
    "connection",
    `The connection to ${where} was lost. Try again; if it keeps happening, check the git server's log.`,
  );
}

function certificateMessage(code: string, name: string | null, host: string): string {
  const which = name ? `The certificate ${name}` : `The certificate of ${host}`;
  if (code === "CERT_HAS_EXPIRED") return `${which} has expired. Renew it on the git server.`;
  if (code === "CERT_NOT_YET_VALID") return `${which} is not valid yet. Check the clocks of both servers.`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `${which} is not for ${host}. Use the name in the certificate, or have it reissued.`;
  }
  return `${which} is not trusted by this server (${code}). Set the certificate authority as the repository's CA, or set NODE_EXTRA_CA_CERTS to its file and restart.`;
}

/** Connects once more, sends nothing, and reads the subject of the certificate that was refused. */
async function certificateName(peer: Peer, timeoutMs: number): Promise<string | null> {
  try {
    return await readCertificate(peer, timeoutMs);
  } catch {
    // The certificate was refused before; that its name cannot be told now changes nothing.
    return null;
  }
}

async function readCertificate(
  { host, port, address, dial }: Peer,
  timeoutMs: number,
): Promise<string | null> {
  const through = await dial?.();
  return new Promise((resolve) => {
    const socket = connect({
      ...(through ? { socket: through } : { host: address, port }),
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
      end(describeCertificate(socket.getPeerCertificate()));
    });
  });
}

/** Whose certificate it is, fit to be shown; null when there is none. */
export function describeCertificate({ subject, issuer }: PeerCertificate): string | null {
  const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
  const clean = (text: string | undefined) => (text ?? "unnamed").replace(/[^\w .*@:-]/g, "").slice(0, 100);
  // A server may present no certificate at all; the types say otherwise.
  if (!(subject as unknown)) return null;
  return `"${clean(one(subject.CN) ?? one(subject.O))}" (issued by "${clean(one(issuer.CN) ?? one(issuer.O))}")`;
}
