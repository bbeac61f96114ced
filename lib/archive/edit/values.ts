import { own } from "@/lib/domain/own";
/** A map as YAML and JSON know it. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as the API carries it: what JSON does not know is what JSON makes of it. */
export function asJson(value: unknown): unknown {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? null : (JSON.parse(text) as unknown);
}

/** Whether two values of JSON say the same; the order of a map's keys says nothing. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, at) => sameValue(item, right[at]));
  if (!isFields(left) || !isFields(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameValue(own(left, key), own(right, key)))
  );
}

/** Where two values first differ, as a path for people. */
export function firstDifference(left: unknown, right: unknown): string {
  if (Array.isArray(left) && Array.isArray(right)) {
    const at = left.findIndex((item, index) => !sameValue(item, right[index]));
    return at === -1 ? "" : joined(`[${String(at)}]`, firstDifference(left[at], right[at]));
  }
  if (!isFields(left) || !isFields(right)) return "";
  const key = [...Object.keys(left), ...Object.keys(right)].find(
    (name) =>
      !Object.hasOwn(left, name) ||
      !Object.hasOwn(right, name) ||
      !sameValue(own(left, name), own(right, name)),
  );
  return key === undefined ? "" : joined(key.slice(0, 100), firstDifference(own(left, key), own(right, key)));
}

function joined(first: string, rest: string): string {
  return rest === "" || rest.startsWith("[") ? first + rest : `${first}.${rest}`;
}
