import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SecretValue } from "@/lib/domain/repository";
import { newKey } from "@/lib/testing/ssh/server";
import { readPrivateKey } from "./private-key";
import { TooSlow, unlockKey } from "./unlock-key";

describe("A private key", () => {
  it("is opened without holding up the rest of the server", async () => {
    const locked = newKey("open sesame");
    let turns = 0;
    const count = setInterval(() => turns++, 5);
    const opened = await readPrivateKey(
      new SecretValue(locked.private),
      new SecretValue("open sesame"),
    ).finally(() => clearInterval(count));
    expect(opened.type).toBe("ssh-ed25519");
    expect(turns).toBeGreaterThan(3);
  });

  it("whose maker asks for endless rounds of decryption is given up", async () => {
    const lines = newKey("open sesame").private.trim().split("\n");
    const bytes = Buffer.from(lines.slice(1, -1).join(""), "base64");
    // The options of bcrypt: the salt's sixteen bytes, then the number of rounds.
    const options = bytes.indexOf(Buffer.from("0000001800000010", "hex"));
    expect(options).toBeGreaterThan(0);
    bytes.writeUInt32BE(0x7fffffff, options + 8 + 16);
    const endless = [lines[0], bytes.toString("base64"), lines.at(-1), ""].join("\n");
    await expect(unlockKey(endless, "open sesame", 1000)).rejects.toBeInstanceOf(TooSlow);
  });

  it.each([undefined, "open sesame"])(
    "of Ed25519 is read in PKCS#8 form, as other tools than OpenSSH write it (passphrase: %s)",
    async (passphrase) => {
      const { privateKey } = generateKeyPairSync("ed25519");
      const cipher = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
      const pem = String(privateKey.export({ format: "pem", type: "pkcs8", ...cipher }));
      const key = await readPrivateKey(
        new SecretValue(pem),
        passphrase === undefined ? undefined : new SecretValue(passphrase),
      );
      const signature = key.sign("hello");
      expect(verify(null, Buffer.from("hello"), createPublicKey(privateKey), signature)).toBe(true);
    },
  );

  it("that is encrypted with a cipher nobody here undoes is refused with the command that changes it", async () => {
    const lines = newKey("open sesame").private.trim().split("\n");
    const bytes = Buffer.from(lines.slice(1, -1).join(""), "base64");
    const name = "chacha20-poly1305@openssh.com";
    const [from, to] = [
      Buffer.from("\0\0\0\naes256-ctr"),
      Buffer.from(`\0\0\0${String.fromCharCode(name.length)}${name}`),
    ];
    const at = bytes.indexOf(from);
    const renamed = Buffer.concat([bytes.subarray(0, at), to, bytes.subarray(at + from.length)]);
    const key = [lines[0], renamed.toString("base64"), lines.at(-1), ""].join("\n");
    const opening = readPrivateKey(new SecretValue(key), new SecretValue("open sesame"));
    await expect(opening).rejects.toMatchObject({
      code: "RemoteAuthFailed",
      message: expect.stringContaining("ssh-keygen -p -Z aes256-ctr -f KEYFILE") as string,
    });
  });
});
