#!/usr/bin/env bash
# git 2.39.5 (Debian package 1:2.39.5-0+deb12u3): an atomic push is not all or nothing when the server hides one of its refs.
#
# Expected: git-push(1) says of --atomic "Either all refs are updated, or on error, no refs are updated". With
#           `transfer.hideRefs` on one of two branches, neither should move.
# Seen:     the hidden branch is refused ("deny updating a hidden ref"), and the other one moves. Hidden refs are refused
#           before the transaction is built, which then holds, and applies, what is left. The client prints the
#           accepted branch as updated, and ends with status 1.
# Ours:     every ref of a report counts by itself; what moved is recorded and what was refused is named.
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
git init -q --bare -b main server
git -C server config transfer.hideRefs refs/heads/hidden
git init -q -b main client
git -C client commit -q --allow-empty -m first
status=0
git -C client push -q --atomic ../server main main:refs/heads/hidden >/dev/null 2>report.txt || status=$?
{
  echo "push ended with $status"
  grep -o 'deny updating a hidden ref' report.txt | sort -u
  git -C server for-each-ref --format='%(refname)'
} | tee -a seen.txt
diff seen.txt - <<'SEEN'
git version 2.39.5
push ended with 1
deny updating a hidden ref
refs/heads/main
SEEN
echo "still so"
