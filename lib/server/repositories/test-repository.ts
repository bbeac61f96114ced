import type { ConnectionReport } from "@/lib/domain/wire/connection";
import { NATIVE_REPOSITORY_ID } from "@/lib/domain/repository";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { resolveRepository } from "./resolve";

type TestEngine = Pick<Engine, "store" | "env" | "masterKey" | "repositories" | "redactor">;

/**
 * Tries every step of using a repository of the platform or of the workspace. Throws NotFound with the known ids,
 * InvalidRequest when the repository is declared wrongly.
 */
export async function testRepository(
  engine: TestEngine,
  viewer: Pick<Viewer, "user">,
  workspace: { id: string },
  repositoryId: string,
  signal: AbortSignal,
): Promise<ConnectionReport> {
  const report = { repositoryId, testedAt: new Date().toISOString() };
  if (repositoryId === NATIVE_REPOSITORY_ID) {
    const message = "Versions are saved in the platform's own storage, which is always available.";
    return { ...report, ok: true, steps: [{ number: 1, step: "reach", status: "ok", message }] };
  }
  const repository = await resolveRepository(engine, workspace.id, repositoryId, "test", viewer);
  const steps = await engine.repositories.test(repository, signal);
  const { redactor } = engine;
  return {
    ...report,
    ok: steps.every(({ status }) => status !== "failed"),
    steps: redactor.with([repository.auth]).value(steps),
  };
}
