import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { json } from "node:stream/consumers";

type Answer = { pem: string } | { problem: string };

/** The key says how much work its passphrase costs; its author may be anybody. */
const PATIENCE_MS = 10_000;

/** Runs in the other process, which knows nothing of this project's files: they may be bundled. */
const SCRIPT = `
const { createPrivateKey } = require("node:crypto");
const { json } = require("node:stream/consumers");
const open = ({ library, text, passphrase }) => {
  if (text.includes("BEGIN ENCRYPTED PRIVATE KEY")) {
    return createPrivateKey({ key: text, passphrase }).export({ format: "pem", type: "pkcs8" });
  }
  const parsed = require(library).utils.parseKey(text, passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error) throw key;
  return key.getPrivatePEM();
};
json(process.stdin).then((input) => {
  try {
    process.stdout.write(JSON.stringify({ pem: open(input) }));
  } catch (error) {
    process.stdout.write(JSON.stringify({ problem: error.message }));
  }
});
`;

/** It takes longer to open the key than is reasonable. */
export class TooSlow extends Error {}

/**
 * Decrypts a key of OpenSSH's or PKCS#8 form; answers it as PEM. That takes computing on purpose, in a process of its
 * own: the server goes on meanwhile, and only a process can be stopped within it. Throws TooSlow, or the library's
 * error for a wrong passphrase or a damaged key.
 */
export async function unlockKey(
  text: string,
  passphrase: string,
  patienceMs: number = PATIENCE_MS,
): Promise<string> {
  const library = createRequire(join(process.cwd(), "package.json")).resolve("ssh2");
  const child = spawn(process.execPath, ["-e", SCRIPT], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { NODE_ENV: process.env.NODE_ENV },
  });
  let isTooSlow = false;
  const patience = setTimeout(() => {
    isTooSlow = true;
    child.kill("SIGKILL");
  }, patienceMs);
  try {
    const failed = new Promise<never>((_, reject) => child.once("error", reject));
    // One that ends at once does not read; what it says, or does not, tells.
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify({ library, text, passphrase }));
    const answer = (await Promise.race([json(child.stdout), failed])) as Answer;
    if ("problem" in answer) throw new Error(answer.problem);
    return answer.pem;
  } catch (error) {
    throw isTooSlow ? new TooSlow("It takes too long.", { cause: error }) : error;
  } finally {
    clearTimeout(patience);
    child.kill("SIGKILL");
  }
}
