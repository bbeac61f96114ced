import { BlockList, isIP } from "node:net";

/** Subnets of both families. They are kept apart, since an IPv6 subnet would also be asked about IPv4 addresses. */
export class Subnets {
  readonly #v4 = new BlockList();
  readonly #v6 = new BlockList();

  constructor(subnets: readonly string[]) {
    for (const subnet of subnets) {
      const [address = "", bits] = subnet.split("/");
      if (isIP(address) === 6) this.#v6.addSubnet(address, Number(bits ?? 128), "ipv6");
      else this.#v4.addSubnet(address, Number(bits ?? 32), "ipv4");
    }
  }

  has(address: string): boolean {
    return isIP(address) === 6 ? this.#v6.check(address, "ipv6") : this.#v4.check(address, "ipv4");
  }
}

/** Where clouds keep credentials: no setting but the exact CIDR opens these. */
const METADATA = new Subnets([
  "169.254.0.0/16",
  "100.100.100.200/32",
  "192.0.0.192/32",
  "fe80::/10",
  "fd00:ec2::254/128",
]);

/** Everything that is not the public internet. */
const PRIVATE = new Subnets([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  // Only 2000::/3 is routed; within it, addresses for documentation, Teredo and the like.
  "::/3",
  "4000::/2",
  "8000::/1",
  "2001::/23",
  "2001:db8::/32",
  "3fff::/20",
]);

export type AddressKind = "public" | "private" | "metadata";

/** What an IP address leads to; one that wraps an IPv4 address counts as that one. */
export function addressKind(address: string): AddressKind {
  const plain = unwrap(address);
  if (isIP(plain) === 0) return "private";
  if (METADATA.has(plain)) return "metadata";
  return PRIVATE.has(plain) ? "private" : "public";
}

/** The IPv4 address inside an IPv6 one (mapped, compatible, NAT64, 6to4), else the address itself without its zone. */
export function unwrap(address: string): string {
  const [plain = ""] = address.split("%");
  if (isIP(plain) !== 6) return plain;
  const groups = expand(plain);
  const v4 = (high: number, low: number) => {
    const [a, b] = [groups[high] ?? 0, groups[low] ?? 0];
    return `${String(a >> 8)}.${String(a & 255)}.${String(b >> 8)}.${String(b & 255)}`;
  };
  const zero = (from: number, to: number) => groups.slice(from, to).every((group) => group === 0);
  if (zero(0, 5) && groups[5] === 0xffff) return v4(6, 7);
  if (zero(0, 4) && groups[4] === 0xffff && groups[5] === 0) return v4(6, 7);
  // `::` and `::1` are addresses of their own.
  if (zero(0, 6) && (groups[6] !== 0 || (groups[7] ?? 0) > 1)) return v4(6, 7);
  if (groups[0] === 0x64 && groups[1] === 0xff9b) return v4(6, 7);
  if (groups[0] === 0x2002) return v4(1, 2);
  return plain;
}

/** What counts as one place: an IPv4 address, or the network (/64) of an IPv6 one, which a single customer has whole. */
export function networkOf(address: string): string {
  const plain = unwrap(address);
  if (isIP(plain) !== 6) return plain;
  const network = expand(plain).slice(0, 4);
  return `${network.map((group) => group.toString(16)).join(":")}::/64`;
}

function expand(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text = dotted
    ? `${dotted[1] ?? ""}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`
    : address;
  const [head = "", tail] = text.split("::");
  const read = (part: string) =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const left = read(head);
  const right = tail === undefined ? [] : read(tail);
  return [...left, ...Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0), ...right];
}

function hex(high: string | undefined, low: string | undefined): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}
