const MIB = 1024 * 1024;

/** Every limit with its variable, default and meaning; `.env.example` and the documents are made from this table. */
export const LIMIT_VARIABLES = [
  { key: "fileBytes", variable: "SWITCHYARD_LIMIT_FILE_BYTES", default: MIB, meaning: "size of one file" },
  {
    key: "filesPerWorkspace",
    variable: "SWITCHYARD_LIMIT_FILES_PER_WORKSPACE",
    default: 5000,
    meaning: "files in one workspace",
  },
  {
    key: "archiveBytes",
    variable: "SWITCHYARD_LIMIT_ARCHIVE_BYTES",
    default: 20 * MIB,
    meaning: "size of an uploaded archive",
  },
  {
    key: "archiveInflatedBytes",
    variable: "SWITCHYARD_LIMIT_ARCHIVE_INFLATED_BYTES",
    default: 100 * MIB,
    meaning: "size of an archive once unpacked",
  },
  {
    key: "bodyBytes",
    variable: "SWITCHYARD_LIMIT_BODY_BYTES",
    default: 10 * MIB,
    meaning: "size of a request body that is not an archive",
  },
  {
    key: "remoteIdleSeconds",
    variable: "SWITCHYARD_LIMIT_REMOTE_IDLE_SECONDS",
    default: 30,
    meaning: "silence of a git remote before it counts as unreachable",
  },
  {
    key: "remoteStallSeconds",
    variable: "SWITCHYARD_LIMIT_REMOTE_STALL_SECONDS",
    default: 120,
    meaning: "time a git remote may go without progress in all",
  },
  {
    key: "remoteBytes",
    variable: "SWITCHYARD_LIMIT_REMOTE_BYTES",
    default: 256 * MIB,
    meaning: "data of a git remote that one operation holds in memory",
  },
  {
    key: "remoteMemoryBytes",
    variable: "SWITCHYARD_LIMIT_REMOTE_MEMORY_BYTES",
    default: 512 * MIB,
    meaning: "data of git remotes that all operations of a process hold in memory",
  },
  {
    key: "refsPerPush",
    variable: "SWITCHYARD_LIMIT_REFS_PER_PUSH",
    default: 200,
    meaning: "workspaces that one push of a bulk push carries, a ref for each",
  },
] as const;

export type Limits = Record<(typeof LIMIT_VARIABLES)[number]["key"], number>;
