#!/usr/bin/env bash
# git 2.39.5 (Debian package 1:2.39.5-0+deb12u3): a fetch with `filter`, where the server does not offer it, is answered over
# HTTP with status 200 and nothing else.
#
# Expected: an error packet ("ERR ..."), or a status of 4xx or 5xx, so that a client can say what is wrong.
# Seen:     `git http-backend` prints "Status"-less headers for 200 OK and an empty body. The reason ("unexpected line")
#           goes to the server's log only. An empty body is also what a broken proxy leaves of an answer.
# Ours:     `filter` is asked for only where it is offered, and an answer without its closing flush is an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq git=1:2.39.5-0+deb12u3 2>/dev/null
dpkg -x git_*.deb package
export PATH="$folder/package/usr/bin:$PATH" GIT_EXEC_PATH="$folder/package/usr/lib/git-core"
export GIT_CONFIG_NOSYSTEM=1 HOME="$folder" GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
git --version | tee seen.txt
git init -q -b main work
git -C work commit -q --allow-empty -m first
git clone -q --bare work server.git
git -C server.git config uploadpack.allowFilter false
oid=$(git -C server.git rev-parse main)
packet() { printf '%04x%s' $((${#1} + 4)) "$1"; }
ask() {
  { packet "command=fetch"; printf 0001; for line in "$@"; do packet "$line"; done; printf 0000; } >request
  REQUEST_METHOD=POST PATH_INFO=/server.git/git-upload-pack GIT_PROJECT_ROOT="$folder" GIT_HTTP_EXPORT_ALL=1 \
    CONTENT_TYPE=application/x-git-upload-pack-request CONTENT_LENGTH=$(stat -c %s request) GIT_PROTOCOL=version=2 \
    REMOTE_ADDR=127.0.0.1 git http-backend <request >answer 2>log || true
  tr -d '\r' <answer | sed '/^$/q' | grep -ai '^status' || echo "status 200"
  if [ "$(tr -d '\r' <answer | sed '1,/^$/d' | wc -c)" -gt 0 ]; then echo "a body"; else echo "no body"; fi
}
{
  echo "without filter:"; ask "want $oid" "done"
  echo "with filter:"; ask "want $oid" "filter blob:none" "done"
  grep -o 'unexpected line' log
} | tee -a seen.txt
diff seen.txt - <<'SEEN'
git version 2.39.5
without filter:
status 200
a body
with filter:
status 200
no body
unexpected line
SEEN
echo "still so"
