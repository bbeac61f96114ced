import { isIP } from "node:net";
import { connect } from "node:tls";
import { AppError } from "@/lib/domain/error";

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
