import { getFileNameLowLevel, type Entry } from "yauzl";

/** The extra field in which Info-ZIP keeps a name in Unicode. */
const UNICODE_NAME = 0x7075;

function decoded({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string {
  const low = () => getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
  if (extraFields.some(({ id }) => id === UNICODE_NAME)) return low();
  try {
    // Many tools write UTF-8 without the flag that says so.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(fileNameRaw);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return low();
  }
}

/**
 * The name of an entry as a path: with slashes where Windows wrote backslashes, composed where a Mac decomposed it, and
 * without `./`. A slash at its end says that it is a folder; an absolute path stays one.
 */
export function entryName(entry: Entry): string {
  const name = decoded(entry).replaceAll("\\", "/").normalize("NFC");
  const segments = name.split("/");
  return segments
    .filter((segment, at) => segment !== "." && (segment !== "" || at === 0 || at === segments.length - 1))
    .join("/");
}

// What systems and tools leave in folders for themselves.
const FILES = /^(?:\.ds_store|thumbs\.db|ehthumbs\.db|desktop\.ini|\.localized|\._.*)$/i;
const FOLDERS = /^(?:__macosx|\.git|\.svn|\.hg|\.spotlight-v100|\.trashes|\.fseventsd|\$recycle\.bin)$/i;

/** What of a path belongs to a system or tool and is left out: the file itself, or the folder it is in; null: nothing. */
export function junkIn(name: string): string | null {
  const segments = name.split("/");
  const folder = segments.findIndex((segment) => FOLDERS.test(segment));
  if (folder !== -1) return segments.slice(0, folder + 1).join("/");
  return FILES.test(segments.at(-1) ?? "") ? name : null;
}
