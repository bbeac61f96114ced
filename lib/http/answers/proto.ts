import { own, setOwn } from "@/lib/domain/own";

/** A key that schemas leave out of every map, since to most code it is no key. */
const PROTO = "__proto__";

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An answer that a schema let through, with what stands under `__proto__` in its maps, a name like any other. */
export function withProto(given: unknown, checked: unknown): unknown {
  if (given === checked) return checked;
  if (Array.isArray(given) && Array.isArray(checked)) {
    for (const [at, item] of checked.entries()) withProto(given[at], item);
    return checked;
  }
  if (!isMap(given) || !isMap(checked)) return checked;
  for (const [key, item] of Object.entries(checked)) withProto(own(given, key), item);
  if (Object.hasOwn(given, PROTO)) setOwn(checked, PROTO, own(given, PROTO));
  return checked;
}
