import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import { redactorOfAll } from "../secrets/hiding";
import type { Viewer } from "../viewer";

/** What an operation is about to write into commits, tags, branches, manifests and events for good. */
interface GitWords {
  viewer: Viewer;
  /** Every workspace whose content or secrets the operation touches. */
  workspaces: readonly WorkspaceRecord[];
  /** The one that is pushed to or pulled from; absent for the native one. */
  repository?: Repository;
  /** What the request itself says, by its field. */
  said: Readonly<Record<string, string | undefined>>;
}

const NOUNS = new Map([
  ["name", "The version's name"],
  ["description", "The description"],
  ["reason", "The reason"],
]);

function appWords({ slug, app }: WorkspaceRecord): [string, string][] {
  const { name = "", description = "" } = app ?? {};
  const texts = [name, ...(typeof description === "string" ? [description] : Object.values(description))];
  return texts.map((text) => [`The app that ${slug} publishes`, text]);
}

/**
 * The one gate before the wire: what people typed goes into git for good, where nothing can be hidden any more. Secrets
 * of every workspace concerned, of the repository and of the environment are looked for. Throws InvalidRequest that
 * names the text and not the secret.
 */
export async function refuseSecretsInGit(
  engine: Pick<Engine, "store" | "env" | "masterKey" | "redactor">,
  { viewer, workspaces, repository, said }: GitWords,
): Promise<void> {
  const redactor = await redactorOfAll(engine, workspaces, repository);
  const shows = (text: string) => redactor.text(text) !== text;
  for (const [field, text = ""] of Object.entries(said))
    if (shows(text))
      throw new AppError(
        "InvalidRequest",
        `${NOUNS.get(field) ?? field} contains the value of a secret and is written to git. Remove the value.`,
        { field },
      );
  const { firstName, lastName, email } = viewer.user;
  const others: [string, string][] = [
    ["Your name or e-mail address", `${firstName} ${lastName} <${email}>`],
    ["The branch of the repository", repository?.branch ?? ""],
    ["The dirpath of the repository", repository?.dirpath ?? ""],
    ...workspaces.flatMap(appWords),
  ];
  const found = others.find(([, text]) => shows(text));
  if (found)
    throw new AppError(
      "InvalidRequest",
      `${found[0]} contains the value of a secret and would be written to git. Change one of them.`,
    );
}
