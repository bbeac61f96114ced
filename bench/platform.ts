import { readFile } from "node:fs/promises";
import { TOKEN, type Instance } from "@/lib/testing/instance";
import type { BenchWorkspace } from "./content";

interface Summary {
  errors: unknown[];
  mergeConflictWorkspaceIds: string[];
}

/** Speaks to an instance as a script would. Every call throws when the answer is not a success. */
export class Platform {
  /** Milliseconds from the request of the last bulk operation to its first event. */
  firstEventMs = Number.NaN;

  constructor(private readonly instance: Instance) {}

  async #call(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.instance.url}/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    throw new Error(`${method} ${path}: ${String(response.status)} ${await response.text()}`);
  }

  async create({ slug, files }: BenchWorkspace): Promise<void> {
    await this.#call("POST", "/workspaces", { name: slug, slug, labels: ["bench:all"] });
    if (files.size > 0) await this.write(slug, files);
  }

  async write(slug: string, files: ReadonlyMap<string, string>): Promise<void> {
    await this.#call("PATCH", `/workspaces/slug:${slug}/sources`, { files: Object.fromEntries(files) });
  }

  /** Runs a bulk operation to the end of its stream and answers the milliseconds it took. */
  async #bulk(path: string, body: unknown): Promise<number> {
    const started = performance.now();
    const response = await this.#call("POST", `/workspaces/platform/${path}?sse=true`, body);
    let text = "";
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      const hadEvent = text.includes("data: ");
      text += decoder.decode(part.value, { stream: true });
      if (!hadEvent && text.includes("data: ")) this.firstEventMs = performance.now() - started;
    }
    const duration = performance.now() - started;
    const last = text.split("\n").findLast((line) => line.startsWith("data: "));
    const summary = JSON.parse(last?.slice("data: ".length) ?? "null") as Summary | null;
    if (!summary || summary.errors.length > 0 || summary.mergeConflictWorkspaceIds.length > 0)
      throw new Error(`The operation did not succeed: ${last?.slice(0, 2000) ?? "empty stream"}`);
    return duration;
  }

  bulkPush(repository: string, name: string): Promise<number> {
    return this.#bulk("versions", { repository: { id: repository }, groups: ["bench"], name });
  }

  /** Imports the group, or with `all` whatever the repository holds. */
  bulkImport(repository: string, { all = false } = {}): Promise<number> {
    const groups = all ? {} : { groups: ["bench"] };
    return this.#bulk("versions/latest/pull", { repository: { id: repository }, ...groups });
  }

  async #single(slug: string, path: string, body: Record<string, unknown>): Promise<number> {
    const started = performance.now();
    const response = await this.#call("POST", `/workspaces/slug:${slug}/${path}?timeout=120`, body);
    const answer = (await response.json()) as { processing?: boolean };
    if (answer.processing) throw new Error("It took longer than two minutes.");
    return performance.now() - started;
  }

  push(slug: string, repository: string): Promise<number> {
    return this.#single(slug, "versions", { repository: { id: repository } });
  }

  pull(slug: string, repository: string, { discard = false } = {}): Promise<number> {
    const body = { repository: { id: repository }, ...(discard ? { discardLocalChanges: true } : {}) };
    return this.#single(slug, "versions/latest/pull", body);
  }

  /** The longest that the server's event loop was kept since this was asked last, in milliseconds. */
  async longestBlock(): Promise<number> {
    const response = await fetch(`${this.instance.url}/metrics`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const seconds = /^switchyard_nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(await response.text())?.[1];
    if (seconds === undefined)
      throw new Error("The server's metrics do not tell the delay of its event loop.");
    return Number(seconds) * 1000;
  }

  /** The most memory that the server used so far, in MiB; undefined where the system does not tell. */
  async peakMemory(): Promise<number | undefined> {
    const status = await readFile(`/proc/${String(this.instance.pid)}/status`, "utf8").catch(() => "");
    const kib = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
    return kib === undefined ? undefined : Number(kib) / 1024;
  }
}
