import { own } from "@/lib/domain/own";
import type { Event } from "@/lib/domain/event";
import { OperationKind } from "@/lib/domain/operation";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import { lockReason } from "@/lib/domain/write-lock";
import { shortCommit } from "@/lib/client/format";

type Payload = Record<string, unknown>;

const text = (value: unknown): string | undefined => (typeof value === "string" && value ? value : undefined);
const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const plural = (amount: number, noun: string) => `${String(amount)} ${noun}${amount === 1 ? "" : "s"}`;

function object(value: unknown): Payload {
  return typeof value === "object" && value !== null ? (value as Payload) : {};
}

/** The name of the version an event is about, if it is about one. */
export function versionName({ payload }: Pick<Event, "payload">): string | undefined {
  return text(object(payload["version"])["name"]) ?? text(payload["version"]);
}

/** The repository of that version. */
export function versionRepository({ payload }: Pick<Event, "payload">): string | undefined {
  return text(object(object(payload["version"])["repository"])["id"]) ?? text(payload["repositoryId"]);
}

/** That name as a sentence says it: a commit by its first digits. */
function versionWord(event: Event, otherwise: string): string {
  const name = versionName(event);
  return name === undefined ? otherwise : shortCommit(name);
}

function bulkDone(payload: Payload, word: string, ids: string[]): string {
  const done = ids.reduce((sum, key) => sum + length(own(payload, key)), 0);
  const failed = length(payload["errors"]);
  return `${word} ${plural(done, "workspace")}${failed > 0 ? `, ${plural(failed, "error")}` : ""}`;
}

const SENTENCES: Record<string, (payload: Payload, event: Event) => string> = {
  "workspaces.created": () => "Created the workspace",
  "workspaces.updated": (payload) => `Updated ${fileWords(payload) ?? "the workspace"}`,
  "workspaces.deleted": () => "Deleted the workspace",
  "workspaces.configured": () => "Changed the configuration",
  "workspaces.duplicated": () => "Duplicated the workspace",
  "workspaces.security.updated": () => "Changed roles and rules",
  "workspaces.versions.published": (_payload, event) => `Published version ${versionWord(event, "")}`,
  "workspaces.versions.rollback": (payload, event) => {
    const reason = text(payload["reason"]);
    return `Rolled back to ${versionWord(event, "an earlier version")}${reason ? `: “${reason}”` : ""}`;
  },
  "workspaces.versions.deleted": (_payload, event) => `Deleted version ${versionWord(event, "")}`,
  "workspaces.versions.progress": (payload) =>
    text(payload["message"]) ??
    `${text(payload["operation"]) ?? "operation"}: ${text(payload["step"]) ?? ""}`,
  "workspaces.imported": (payload, event) => {
    const errors = length(payload["errors"]);
    const warnings = length(payload["warnings"]);
    const deleted = length(payload["deleted"]);
    return [
      `Imported ${plural(length(payload["files"]), "file")} of ${versionWord(event, "a version")}`,
      ...(deleted > 0 ? [`deleted ${String(deleted)}`] : []),
      ...(errors > 0 ? [plural(errors, "error")] : []),
      ...(warnings > 0 ? [plural(warnings, "warning")] : []),
    ].join(", ");
  },
  [OPERATIONS.bulkPush.events.started]: (payload) =>
    `Started a bulk push of ${plural(length(payload["workspaces"]), "workspace")}`,
  [OPERATIONS.bulkPush.events.progress]: (payload) => rowSentence(payload, "Pushed"),
  [OPERATIONS.bulkPush.events.completed]: (payload) =>
    bulkDone(payload, "Bulk push: pushed", ["pushedWorkspaceIds"]),
  [OPERATIONS.bulkImport.events.started]: (payload) =>
    `Started a bulk import of ${plural(length(payload["workspaces"]), "workspace")}`,
  [OPERATIONS.bulkImport.events.progress]: (payload) => rowSentence(payload, "Imported"),
  [OPERATIONS.bulkImport.events.completed]: (payload) =>
    bulkDone(payload, "Bulk import: imported", ["createdWorkspaceIds", "updatedWorkspaceIds"]),
  "workspaces.writeLock.set": (payload) => {
    const reason = text(payload["reason"]) ?? "manual";
    return reason === "manual" ? "Locked by hand" : `Locked: ${lockReason(reason)}`;
  },
  "workspaces.writeLock.cleared": (payload) => {
    const reason = text(payload["reason"]);
    return `Cleared the lock${reason ? `: “${reason}”` : ""}`;
  },
  "workspaces.secrets.updated": () => "Changed secrets",
  "apps.published": (payload) => `Published the app ${text(payload["slug"]) ?? ""}`,
  "apps.deleted": (payload) => `Deleted the app ${text(payload["slug"]) ?? ""}`,
  "operation.completed": (payload) => {
    const kind = OperationKind.safeParse(payload["kind"]).data;
    return `${kind ? OPERATIONS[kind].words.noun : "Operation"} ${text(payload["status"]) ?? "ended"}`;
  },
  error: (payload) => text(payload["message"]) ?? "An error",
};

function fileWords(payload: Payload): string | undefined {
  const files = payload["files"] ?? payload["paths"];
  if (Array.isArray(files) && files.length > 0) {
    return files.length === 1 ? String(files[0]) : plural(files.length, "file");
  }
  return text(payload["path"]);
}

function rowSentence(payload: Payload, done: string): string {
  const name = text(payload["workspaceName"]) ?? text(payload["workspaceSlug"]) ?? "a workspace";
  const position = payload["total"] ? ` (${String(payload["current"])} of ${String(payload["total"])})` : "";
  if (payload["status"] === "error") return `${name} failed${position}`;
  return payload["status"] === "skipped" ? `Skipped ${name}${position}` : `${done} ${name}${position}`;
}

const PARTS: [RegExp, string][] = [
  [/^workspaces\.automations\.(\w+)$/, "automation"],
  [/^workspaces\.pages\.(\w+)$/, "page"],
  [/^workspaces\.apps\.(\w+)$/, "app instance"],
  [/^workspaces\.permissions\.(\w+)$/, "permission"],
];

/** An event in words; one that is not known keeps its type. */
export function describeEvent(event: Event): string {
  const sentence = own(SENTENCES, event.type);
  if (sentence) return sentence(event.payload, event);
  for (const [pattern, noun] of PARTS) {
    const verb = pattern.exec(event.type)?.[1];
    if (!verb) continue;
    const slug = text(event.payload["slug"]) ?? text(object(own(event.payload, noun))["slug"]);
    return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${noun}${slug ? ` ${slug}` : ""}`;
  }
  return event.type;
}

export type EventTone = "calm" | "good" | "bad" | "notable";

/** Whether an event is good news, bad news or neither. */
export function toneOf(event: Event): EventTone {
  if (event.error || event.type === "error" || event.payload["status"] === "error") return "bad";
  if (event.type.endsWith(".completed") || event.type === "workspaces.imported") {
    return length(event.payload["errors"]) > 0 ? "bad" : "good";
  }
  if (/versions\.(published|rollback)$/.test(event.type)) return "good";
  if (/writeLock\.|\.deleted$/.test(event.type)) return "notable";
  return "calm";
}
