#!/usr/bin/env bash
# ssh2 1.17.0 (npm): a private key that ssh-keygen encrypted with chacha20-poly1305@openssh.com cannot be opened, although
# the library speaks that cipher on the wire and opens keys under every other cipher of ssh-keygen.
#
# Expected: the key opens with its passphrase, or the error names the cipher.
# Seen:     utils.parseKey() answers "Invalid initialization vector", which reads as if the file were damaged. Keys under
#           aes256-gcm@openssh.com, the other authenticated cipher, open.
# Ours:     the cipher is read from the file, and the error says: ssh-keygen -p -Z aes256-ctr -f KEYFILE.
set -euo pipefail
command -v ssh-keygen >/dev/null || { echo "needs ssh-keygen (OpenSSH)"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . ssh2@1.17.0 >/dev/null
for cipher in aes256-ctr aes256-gcm@openssh.com chacha20-poly1305@openssh.com; do
  ssh-keygen -q -t ed25519 -N secret -Z "$cipher" -C example -f "key-$cipher"
done
node - <<'JS' | tee seen.txt
const { readFileSync } = require("node:fs");
const { constants, utils } = { ...require("./node_modules/ssh2"), constants: require("./node_modules/ssh2/lib/protocol/constants.js") };
console.log("on the wire:", constants.SUPPORTED_CIPHER.includes("chacha20-poly1305@openssh.com"));
for (const cipher of ["aes256-ctr", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com"]) {
  const parsed = utils.parseKey(readFileSync(`key-${cipher}`), "secret");
  console.log(`${cipher}:`, parsed instanceof Error ? parsed.message : "opened");
}
JS
diff seen.txt - <<'SEEN'
on the wire: true
aes256-ctr: opened
aes256-gcm@openssh.com: opened
chacha20-poly1305@openssh.com: Invalid initialization vector
SEEN
echo "still so"
