import type { LookupFunction } from "node:net";
import type { ResolvedAddress } from "./egress";

/** A name resolution that answers nothing but these addresses, which egress has checked. */
export function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family);
  };
}
