const MAX_LENGTH = 2000;

/** What a remote said, fit to be shown: no control characters, no credentials in URLs, bounded. */
export function remoteText(bytes: Buffer | string): string {
  const text = typeof bytes === "string" ? bytes : bytes.toString("utf8");
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "")
      .replace(/\r/g, "\n")
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
      .replace(/\/\/[^\s/@]+@/g, "//")
      .replace(/\n+/g, "\n")
      .trim()
      .slice(0, MAX_LENGTH)
  );
}
