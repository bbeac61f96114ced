import { connect as dial, type Socket } from "node:net";
import { isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { AppError } from "@/lib/domain/error";
import { connectionError, describeCertificate, type Peer } from "@/lib/net/connection-errors";
import type { EgressTarget, ResolvedAddress, EgressPolicy } from "@/lib/net/egress";
import { trustedWith } from "../transport/http/http";
import { proxyFor, type ProxySettings, tunnel } from "@/lib/net/proxy";
import { pinned } from "@/lib/net/pinned";
import { type Finding, ok } from "./steps";

export interface Route {
  peer: Peer;
  finding: Finding;
}

interface Reach {
  egress: EgressPolicy;
  proxy: ProxySettings | undefined;
  connectMs: number;
  signal: AbortSignal;
}

/** Connects to a host and hangs up. Throws PermissionDenied, RemoteUnreachable. */
export async function reach(target: EgressTarget, given: Reach): Promise<Route> {
  const where = `${target.host}, port ${String(target.port)},`;
  const proxy = proxyFor(given.proxy, target);
  const isNamed = proxy !== undefined && isIP(target.host) === 0 && given.egress.isNamed(target);
  const addresses = isNamed ? [] : await given.egress.resolve(target);
  const address = addresses[0]?.address ?? target.host;
  if (proxy) {
    const dialProxy = () => tunnel(proxy, { host: address, port: target.port }, given.connectMs);
    (await dialProxy()).destroy();
    const peer = { host: target.host, port: target.port, address, dial: dialProxy };
    return { peer, finding: ok(`${where} is reached through the proxy ${proxy.url.host}.`) };
  }
  const peer = { host: target.host, port: target.port, address };
  const socket = await connected(peer, addresses, given);
  const found = socket.remoteAddress ?? address;
  socket.destroy();
  const named = found === target.host ? "" : ` (${found})`;
  return { peer, finding: ok(`${target.host}${named}, port ${String(target.port)}, accepts connections.`) };
}

async function connected(peer: Peer, addresses: readonly ResolvedAddress[], given: Reach): Promise<Socket> {
  const socket = dial({ host: peer.host, port: peer.port, lookup: pinned(addresses) });
  try {
    await settled(socket, "connect", given);
    return socket;
  } catch (error) {
    socket.destroy();
    given.signal.throwIfAborted();
    throw await connectionError(error, peer, given.connectMs);
  }
}

/** Shakes hands over TLS and tells whose certificate it is. Throws RemoteUnreachable. */
export async function shakeHands(
  peer: Peer,
  trust: { ca: string | undefined; extraCa: string | undefined },
  given: Reach,
): Promise<Finding> {
  const through = await peer.dial?.();
  const socket = connectTls({
    ...(through ? { socket: through, host: peer.host } : { host: peer.address, port: peer.port }),
    // The name decides, not the address that was connected to.
    ...(isIP(peer.host) ? {} : { servername: peer.host }),
    ...(trust.ca === undefined ? {} : { ca: trustedWith(trust.ca, trust.extraCa) }),
  });
  try {
    await settled(socket, "secureConnect", given);
    const certificate = socket.getPeerCertificate();
    const until = new Date(certificate.valid_to);
    const date = Number.isNaN(until.getTime()) ? certificate.valid_to : until.toISOString().slice(0, 10);
    return ok(
      `The certificate ${describeCertificate(certificate) ?? ""} is trusted and valid until ${date}.`,
    );
  } catch (error) {
    given.signal.throwIfAborted();
    throw await connectionError(error, peer, given.connectMs);
  } finally {
    socket.destroy();
  }
}

function settled(socket: Socket, event: "connect" | "secureConnect", given: Reach): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      socket.destroy();
      reject(given.signal.reason as Error);
    };
    given.signal.addEventListener("abort", onAbort, { once: true });
    socket.setTimeout(given.connectMs, () => {
      reject(
        new AppError(
          "RemoteUnreachable",
          `The host did not answer within ${String(Math.max(1, Math.round(given.connectMs / 1000)))} s. Check the URL's port, the server's network and the firewall.`,
          { reason: "timeout" },
        ),
      );
    });
    socket.once(event, () => {
      given.signal.removeEventListener("abort", onAbort);
      socket.setTimeout(0);
      resolve();
    });
    socket.once("error", reject);
    socket.once("close", () => {
      reject(new Error("The connection was closed."));
    });
  });
}
