import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** What is stored of a session's or token's value: its SHA-256, in hex. */
export function digest(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

/** 256 random bits as text that fits a cookie, a header and a URL. */
export function randomValue(): string {
  return randomBytes(32).toString("base64url");
}

/** Compares two texts in a time that does not tell where they differ. */
export function sameText(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(digest(left), "hex"), Buffer.from(digest(right), "hex"));
}
