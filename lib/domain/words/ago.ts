const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

const FORMATS = {
  long: new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "long" }),
  short: new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" }),
};

/** "5 minutes ago", "yesterday", "in 3 days", "just now" within a minute; for sentences that people read. */
export function ago(at: string | Date, now: number, style: "long" | "short" = "long"): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size)
      return FORMATS[style].format(Math.trunc(seconds / size), unit).replace(/\./g, "");
  }
  return "just now";
}
