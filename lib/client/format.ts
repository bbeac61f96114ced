import { ago } from "@/lib/domain/words/ago";

/** "5 min ago", "yesterday", "just now" within a minute. */
export function timeAgo(iso: string, now: number): string {
  return ago(iso, now, "short");
}

/** The whole date and time in the reader's own time zone. */
export function fullTime(iso: string): string {
  return new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "long" }).format(new Date(iso));
}

/** Hours, minutes and seconds of a day, for feeds. */
export function clockTime(iso: string): string {
  return new Intl.DateTimeFormat("en", { timeStyle: "medium", hour12: false }).format(new Date(iso));
}

/** A date in words for the headings of a feed: "Today", "Yesterday", "20 November 2026". */
export function dayName(iso: string, now: number): string {
  const day = (ms: number) => new Date(ms).toDateString();
  const then = Date.parse(iso);
  if (day(then) === day(now)) return "Today";
  if (day(then) === day(now - 86_400_000)) return "Yesterday";
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date(iso));
}

/** A stopwatch: "0.4 s", "12 s", "3 min 04 s", "1 h 05 min". */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${String(Math.floor(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  const pad = (value: number) => String(value).padStart(2, "0");
  if (minutes < 60) return `${String(minutes)} min ${pad(Math.floor(seconds % 60))} s`;
  return `${String(Math.floor(minutes / 60))} h ${pad(minutes % 60)} min`;
}

/** "7", "10,000". */
export function grouped(amount: number): string {
  return amount.toLocaleString("en");
}

/** "1 file", "3 files", "2 retries" with the plural given. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${grouped(amount)} ${amount === 1 ? one : many}`;
}

/** Names in a sentence: "a", "a and b", "a, b and 3 more". */
export function listNames(names: readonly string[], shown = 2): string {
  if (names.length <= shown) return names.join(" and ");
  return `${names.slice(0, shown).join(", ")} and ${String(names.length - shown)} more`;
}

/** The first seven digits of a commit id; another name stays whole. */
export function shortCommit(name: string): string {
  return /^[0-9a-f]{40}$/.test(name) ? name.slice(0, 7) : name;
}

/** "312 B", "4.2 kB", "1.1 MB". */
export function bytes(size: number): string {
  if (size < 1000) return `${String(size)} B`;
  if (size < 1_000_000) return `${(size / 1000).toFixed(1)} kB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}

/** Text of a description that may be written in several languages. */
export function localized(text: string | Record<string, string> | undefined): string {
  if (text === undefined) return "";
  return typeof text === "string" ? text : (text["en"] ?? Object.values(text)[0] ?? "");
}
