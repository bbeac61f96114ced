#!/usr/bin/env bash
# ssh2 1.17.0 (npm): about one Ed25519 key in 150 that utils.generateKeyPairSync() makes is malformed.
#
# Expected: every generated key can be read by the library that made it, and by OpenSSH.
# Seen:     of 3,000 keys without a passphrase some 20 are refused by the library's own parser with "Malformed OpenSSH
#           private key"; ssh-keygen says "error in libcrypto" of the same files. The text of such a key looks complete.
# Ours:     keys of tests are made again until the parser takes them (lib/testing/ssh/server.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . ssh2@1.17.0 >/dev/null
node - <<'JS'
const { utils } = require("./node_modules/ssh2");
const messages = new Map();
const made = 3000;
let refused = 0;
for (let count = 0; count < made; count++) {
  const parsed = utils.parseKey(utils.generateKeyPairSync("ed25519").private);
  if (!(parsed instanceof Error)) continue;
  refused++;
  messages.set(parsed.message, (messages.get(parsed.message) ?? 0) + 1);
}
console.log(`ssh2 ${require("./node_modules/ssh2/package.json").version}: ${refused} of ${made} keys refused`, messages);
// Between one in 600 and one in 60; by chance alone it leaves this range less than once in a thousand runs.
if (refused < 5 || refused > 50 || [...messages.keys()].join() !== "Malformed OpenSSH private key") process.exit(1);
JS
echo "still so"
