import { resolve } from "node:path";
import {
  branchNameProblem,
  NATIVE_REPOSITORY_ID,
  RepositoryMode,
  SecretValue,
  type Repository,
  type RepositoryAuth,
} from "@/lib/domain/repository";
import { parseRemoteUrl } from "./remote-url";
import type { Variables } from "./variables";

const PREFIX = "WORKSPACES_STORAGE_GIT_PLATFORM_";
const FIELDS = [
  "NAME",
  "TYPE",
  "URL",
  "BRANCH",
  "MODE",
  "DIRPATH",
  "AUTH_USER",
  "AUTH_PASSWORD",
  "AUTH_SSHKEY",
  "AUTH_PASSPHRASE",
  "CA",
] as const;
type Field = (typeof FIELDS)[number];

/** Splits `{id}_{FIELD}` from its end, since an id may contain underscores. */
function split(rest: string): { id: string; field: Field } | null {
  const name = rest.endsWith("_FILE") ? rest.slice(0, -"_FILE".length) : rest;
  const field = FIELDS.find((candidate) => name.endsWith(`_${candidate}`));
  if (!field) return null;
  const id = name.slice(0, -field.length - 1);
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/.test(id) ? { id, field } : null;
}

/** The ids that variables name, in the order in which each is first mentioned. */
function declaredIds(variables: Variables): string[] {
  const ids = new Set<string>();
  for (const name of variables.names(PREFIX)) {
    const found = split(name.slice(PREFIX.length));
    if (!found) {
      variables.problem(
        name,
        `is not a known variable; write ${PREFIX}{id}_{FIELD} with an id of letters, digits, hyphens and underscores and FIELD one of ${FIELDS.join(", ")}.`,
      );
    } else if (found.id.toLowerCase() === NATIVE_REPOSITORY_ID) {
      variables.problem(
        name,
        `uses the id ${found.id}, which the built-in repository uses; choose another one.`,
      );
    } else ids.add(found.id);
  }
  return [...ids];
}

/** A private key whose line ends may be written as `\n`. */
export function privateKey(text: string): SecretValue {
  return new SecretValue(`${text.replaceAll("\\n", "\n").replaceAll("\r\n", "\n").trim()}\n`);
}

function readAuth(variables: Variables, name: (field: Field) => string): RepositoryAuth {
  const user = variables.text(name("AUTH_USER"));
  const password = variables.text(name("AUTH_PASSWORD"));
  const sshkey = variables.text(name("AUTH_SSHKEY"));
  const passphrase = variables.text(name("AUTH_PASSPHRASE"));
  if (sshkey !== undefined) {
    if (password !== undefined)
      variables.problem(
        name("AUTH_SSHKEY"),
        `and ${name("AUTH_PASSWORD")} are both set; keep one of them. The key's passphrase goes into ${name("AUTH_PASSPHRASE")}.`,
      );
    return {
      kind: "sshkey",
      key: privateKey(sshkey),
      ...(passphrase === undefined ? {} : { passphrase: new SecretValue(passphrase) }),
      ...(user === undefined ? {} : { user }),
    };
  }
  if (passphrase !== undefined)
    variables.problem(name("AUTH_PASSPHRASE"), `needs ${name("AUTH_SSHKEY")}, the key that it opens.`);
  if (password !== undefined)
    return { kind: "password", user: user ?? "git", password: new SecretValue(password) };
  if (user !== undefined)
    variables.problem(name("AUTH_USER"), `needs ${name("AUTH_PASSWORD")} (a password or an access token).`);
  return { kind: "none" };
}

function cleanDirpath(variables: Variables, name: string): string {
  const text = variables.text(name) ?? "";
  const path = text.replace(/^(\.?\/)+|\/+$/g, "");
  const segments = path.split("/");
  if (segments.some((part) => part === ".." || part === "." || part.startsWith("-") || part === ".git"))
    variables.problem(name, "must be a path inside the repository without ., .., .git or a leading hyphen.");
  return path;
}

function readGit(
  variables: Variables,
  name: (field: Field) => string,
): Pick<Repository, "url" | "branch" | "dirpath" | "auth"> {
  const url = variables.text(name("URL"));
  if (url === undefined) variables.problem(name("URL"), "is missing; give the URL of the git repository.");
  const parsed = url === undefined ? null : parseRemoteUrl(url);
  if (typeof parsed === "string")
    variables.problem(
      name("URL"),
      parsed
        .replace("auth.user and auth.password", `${name("AUTH_USER")} and ${name("AUTH_PASSWORD")}`)
        .replace(/^/, "is not usable: it "),
    );
  const auth = readAuth(variables, name);
  if (parsed && typeof parsed !== "string") {
    if (auth.kind === "sshkey" && parsed.protocol !== "ssh")
      variables.problem(name("AUTH_SSHKEY"), `works only with an SSH URL; ${name("URL")} is not one.`);
  }
  const branch = variables.text(name("BRANCH")) ?? "main";
  const problem = branchNameProblem(branch);
  if (problem) variables.problem(name("BRANCH"), `is not usable: ${problem}`);
  return { url: url ?? "", branch, dirpath: cleanDirpath(variables, name("DIRPATH")), auth };
}

function readFilesystem(
  variables: Variables,
  name: (field: Field) => string,
): Pick<Repository, "url" | "branch" | "dirpath" | "auth"> {
  const dirpath = variables.text(name("DIRPATH"));
  if (dirpath === undefined)
    variables.problem(name("DIRPATH"), "is missing; give the directory that holds the workspaces.");
  for (const field of ["URL", "AUTH_USER", "AUTH_PASSWORD", "AUTH_SSHKEY", "AUTH_PASSPHRASE"] as const) {
    if (variables.text(name(field)) !== undefined)
      variables.problem(name(field), "has no meaning for a repository of type filesystem; remove it.");
  }
  return {
    url: "",
    branch: variables.text(name("BRANCH")) ?? "main",
    dirpath: dirpath === undefined ? "" : resolve(dirpath),
    auth: { kind: "none" },
  };
}

/** The repositories that `WORKSPACES_STORAGE_GIT_PLATFORM_{id}_{FIELD}` declare, in the order of declaration. */
export function readPlatformRepositories(variables: Variables): Repository[] {
  return declaredIds(variables).map((id) => {
    const name = (field: Field) => `${PREFIX}${id}_${field}`;
    const type = variables.choice(name("TYPE"), ["git", "filesystem"], "git");
    // Nothing is pushed to a folder.
    const usual = type === "git" ? "read-write" : "read-only";
    const mode = variables.choice(name("MODE"), RepositoryMode.options, usual);
    const ca = variables.text(name("CA"))?.replaceAll("\\n", "\n");
    return {
      id,
      name: variables.text(name("NAME")) ?? id,
      type,
      mode,
      scope: "platform",
      ...(type === "git" ? readGit(variables, name) : readFilesystem(variables, name)),
      ...(ca === undefined ? {} : { ca }),
      exclude: [],
    };
  });
}
