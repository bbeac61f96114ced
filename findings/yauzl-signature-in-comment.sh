#!/usr/bin/env bash
# yauzl 3.4.0 (npm): an archive whose comment contains the four bytes of an end-of-directory signature cannot be opened.
#
# Expected: the reader tries the signature before it when the last one does not fit (its comment length must lead exactly to
#           the end of the file), as Info-ZIP's unzip does.
# Seen:     it takes the last signature, finds the wrong length, and refuses the whole archive: "Invalid comment length".
#           unzip reads the same file.
# Ours:     the end of an archive is found by our own search, which checks each candidate (lib/archive/zip/frame.ts).
set -euo pipefail
command -v unzip >/dev/null || { echo "needs unzip (Info-ZIP)"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . yauzl@3.4.0 yazl@3.3.1 >/dev/null
node - <<'JS' | tee seen.txt
const { writeFileSync } = require("node:fs");
const { buffer } = require("node:stream/consumers");
const yazl = require("./node_modules/yazl");
const yauzl = require("./node_modules/yauzl");
async function make(comment) {
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.from("slug: a\n"), "a.yml");
  zip.end();
  const plain = await buffer(zip.outputStream);
  const bytes = Buffer.concat([plain, Buffer.from(comment, "latin1")]);
  bytes.writeUInt16LE(comment.length, plain.length - 2);
  return bytes;
}
(async () => {
  for (const [name, comment] of [["plain", "made by hand"], ["signature", "the end of an archive is PK\x05\x06, as its specification says"]]) {
    const bytes = await make(comment);
    writeFileSync(`${name}.zip`, bytes);
    await new Promise((resolve) =>
      yauzl.fromBuffer(bytes, (error, zip) => {
        console.log(`yauzl, ${name}:`, error ? error.message.replace(/\..*/s, "") : `${zip.entryCount} entry`);
        resolve();
      }),
    );
  }
})();
JS
for name in plain signature; do
  echo "unzip, $name: $(unzip -Z1 "$name.zip")"
done | tee -a seen.txt
diff <(sed 's/Invalid comment length.*/Invalid comment length/' seen.txt) - <<'SEEN'
yauzl, plain: 1 entry
yauzl, signature: Invalid comment length
unzip, plain: a.yml
unzip, signature: a.yml
SEEN
echo "still so"
