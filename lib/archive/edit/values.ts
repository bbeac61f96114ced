import { own } from "@/lib/domain/own";
/** A map as YAML and JSON know it. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether two values say the same; the order of a map's keys says nothing. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, at) => sameValue(item, right[at]));
  if (!isFields(left) || !isFields(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameValue(own(left, key), own(right, key)))
  );
}

/** The target with its keys in the order of what stood there before; new keys follow in their own order. */
export function inOrderOf(before: unknown, target: unknown): unknown {
  if (!isFields(before) || !isFields(target)) return target;
  const kept = Object.keys(before).filter((key) => Object.hasOwn(target, key));
  const added = Object.keys(target).filter((key) => !Object.hasOwn(before, key));
  return Object.fromEntries(
    [...kept, ...added].map((key) => [key, inOrderOf(own(before, key), own(target, key))]),
  );
}
