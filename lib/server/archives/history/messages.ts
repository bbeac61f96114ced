import { NATIVE_REPOSITORY_ID } from "@/lib/domain/repository";
import type { VersionRecord } from "@/lib/versioning/ports";

function goneWords(gone: readonly VersionRecord[]): string[] {
  if (gone.length === 0) return [];
  const lines = gone.map(
    ({ name, repositoryId, commit }) =>
      `- ${name}, in ${repositoryId}${commit === undefined ? "" : ` at commit ${commit}`}`,
  );
  return [
    `Not in this history, because their content is no longer stored in Switchyard:\n${lines.join("\n")}`,
  ];
}

function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}

/** The message of a version's commit; `gone` are those before it whose content is missing. */
export function versionMessage(version: VersionRecord, gone: readonly VersionRecord[]): string {
  const { name, repositoryId, commit, description } = version;
  const isNative = repositoryId === NATIVE_REPOSITORY_ID;
  const trailers = [
    `Version: ${name}`,
    ...(isNative ? [] : [`Repository: ${repositoryId}`]),
    ...(commit === undefined ? [] : [`Commit: ${commit}`]),
  ];
  return paragraphs(description?.trim() || `Version ${name}`, ...goneWords(gone), trailers.join("\n"));
}

/** The message of the last commit, of a state that the newest version does not have. */
export function presentMessage(same: VersionRecord | undefined, gone: readonly VersionRecord[]): string {
  return paragraphs(
    "The workspace as it is now",
    same ? `The same content as version ${same.name}.` : "Not saved as a version yet.",
    ...goneWords(gone),
  );
}
