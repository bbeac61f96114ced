import { createRequire } from "node:module";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

type Answer = { pem: string } | { problem: string };

/** Runs in the worker, which knows nothing of this project's files: they may be bundled. */
const SCRIPT = `
const { parentPort, workerData } = require("node:worker_threads");
const { utils } = require(workerData.library);
const parsed = utils.parseKey(workerData.text, workerData.passphrase);
const key = Array.isArray(parsed) ? parsed[0] : parsed;
parentPort.postMessage(key instanceof Error ? { problem: key.message } : { pem: key.getPrivatePEM() });
`;

/**
 * Decrypts a key of OpenSSH's form; answers it as PEM. That takes a second of computing on purpose, in a thread of
 * its own so that the server goes on meanwhile. Throws the library's error for a wrong passphrase or a damaged key.
 */
export async function unlockKey(text: string, passphrase: string): Promise<string> {
  const library = createRequire(join(process.cwd(), "package.json")).resolve("ssh2");
  const worker = new Worker(SCRIPT, { eval: true, workerData: { library, text, passphrase } });
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`The thread ended with ${String(code)}.`)));
    });
    if ("problem" in answer) throw new Error(answer.problem);
    return answer.pem;
  } finally {
    await worker.terminate();
  }
}
