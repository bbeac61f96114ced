#!/usr/bin/env bash
# Dulwich 0.21.2 (Debian package python3-dulwich 0.21.2-1+b1): its receive-pack reports "ok" for an update that it did not make.
#
# Expected: where a ref no longer holds the old id that a push names, the report says "ng ref ...", as git's does.
# Seen:     the ref is compared and left as it is, which is right, but the result of that comparison is dropped, and the
#           report says "ok". A client that believes it records a push that never happened.
# Ours:     after a push to a server that is neither git nor JGit the refs are read once more.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq python3-dulwich=0.21.2-1+b1 python3-urllib3 2>/dev/null
for package in *.deb; do dpkg -x "$package" package; done
# The C parts are for Debian's own Python; without them the library falls back to Python.
find package -name '*.so' -delete
PYTHONPATH="$folder/package/usr/lib/python3/dist-packages" python3 - <<'PY' | tee seen.txt
import dulwich
from io import BytesIO
from dulwich.objects import Commit, Tree
from dulwich.pack import write_pack_objects
from dulwich.protocol import Protocol, ReceivableProtocol
from dulwich.repo import MemoryRepo
from dulwich.server import DictBackend, ReceivePackHandler

def commit(tree, message):
    made = Commit()
    made.tree, made.message, made.author, made.committer = tree.id, message, b"A <a@example.com>", b"A <a@example.com>"
    made.author_time = made.commit_time = 0
    made.author_timezone = made.commit_timezone = 0
    return made

tree = Tree()
before, theirs, ours = (commit(tree, word) for word in (b"before", b"theirs", b"ours"))
repo = MemoryRepo()
for item in (tree, before, theirs, ours):
    repo.object_store.add_object(item)
# Theirs came first; the push below still names the commit before it.
repo.refs[b"refs/heads/main"] = theirs.id

class Pipe:
    def __init__(self, data):
        self.input, self.output = BytesIO(data), BytesIO()
    def recv(self, size):
        return self.input.read(size)

line = before.id + b" " + ours.id + b" refs/heads/main\0 report-status"
empty = BytesIO()
write_pack_objects(empty.write, [])
request = b"%04x" % (len(line) + 4) + line + b"0000" + empty.getvalue()
pipe = Pipe(request)
protocol = ReceivableProtocol(pipe.recv, pipe.output.write)
ReceivePackHandler(DictBackend({b"/": repo}), [b"/"], protocol, stateless_rpc=True).handle()
said = pipe.output.getvalue()
print("dulwich", ".".join(map(str, dulwich.__version__)))
print("the report says ok:", b"ok refs/heads/main" in said)
print("the ref moved:", repo.refs[b"refs/heads/main"] == ours.id)
PY
diff seen.txt - <<'SEEN'
dulwich 0.21.2
the report says ok: True
the ref moved: False
SEEN
echo "still so"
