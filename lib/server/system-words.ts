import { LOCK_REASONS } from "@/lib/domain/write-lock";
import { BulkImportStatus, BulkPushStatus } from "@/lib/domain/bulk";
import { ERRORS } from "@/lib/domain/error";
import {
  Initiator,
  OperationKind,
  OperationOutcome,
  OperationState,
  StepProgress,
} from "@/lib/domain/operation";
import { RepositoryMode, RepositoryType } from "@/lib/domain/repository";
import { SyncStatus } from "@/lib/domain/workspace";

// What a secret should never have been, and what nearly every text says.
const COMMON =
  "true false null none undefined yes no main master head origin trunk develop development staging production release " +
  "latest current default localhost admin administrator password passwords secret username prismeai platform switchyard " +
  "workspace workspaces repository repositories version versions operation operations automations pages imports index " +
  "security created updated deleted configured installed uninstalled published imported duplicated started progress " +
  "completed rollback snapshot message details reason errors";

/** Words that Switchyard itself says: outcomes, states, steps, codes of errors and the like, in small letters. */
const SYSTEM_WORDS: ReadonlySet<string> = new Set(
  [
    ...COMMON.split(" "),
    ...OperationKind.options,
    ...OperationState.options,
    ...OperationOutcome.options,
    ...Initiator.options,
    ...StepProgress.shape.step.options,
    ...BulkPushStatus.options,
    ...BulkImportStatus.options,
    ...RepositoryMode.options,
    ...RepositoryType.options,
    ...SyncStatus.options,
    ...LOCK_REASONS,
    ...Object.keys(ERRORS),
  ].map((word) => word.toLowerCase()),
);

// Shorter than this, a plain short word or a short number, a value would be found inside ordinary text.
const SHORTEST = 4;
const PLAIN_WORD = /^[a-z]{1,7}$/i;
const SHORT_NUMBER = /^\d{1,5}$/;
const EVENT_TYPE = /^(workspaces|operation|apps)\.[a-zA-Z.]+$/;

/** A value that ordinary text is full of: looking for it would spoil the text, and tell what the value is. */
export function isOrdinary(value: string): boolean {
  return (
    value.length < SHORTEST ||
    PLAIN_WORD.test(value) ||
    SHORT_NUMBER.test(value) ||
    EVENT_TYPE.test(value) ||
    SYSTEM_WORDS.has(value.toLowerCase())
  );
}

// Ids, enumerations, types, times and names that lead somewhere, by the field that holds them.
const STRUCTURE =
  /^(id|ids|type|kind|state|status|outcome|step|operation|initiator|mode|scope|action|actions|code|oid|tree|commit|target|intermediate|branch|ref|refs|groups|slug|version|retryOf|cursor|role|etag|syncStatus|dependsOn|cycles|time|level)$|(Id|Ids|At|By|Slug|Branch|Oid|Ref|Checksum|Date)$/;
const FILES = /^(path|paths|files|imported|deleted|excluded)$/;
const NAMED = /^(version|snapshot|repository)$/;

export interface Place {
  key: string;
  /** The field around it. */
  parent: string;
}

/** Whether what stands in this field says what something is, rather than what somebody said. */
export function isStructure({ key, parent }: Place, paths: boolean): boolean {
  return STRUCTURE.test(key) || (paths && FILES.test(key)) || (key === "name" && NAMED.test(parent));
}
