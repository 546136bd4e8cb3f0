"""Debian packages made of a folder and a few facts."""

import os
import shutil
import tempfile
from pathlib import Path

from hostlab.machine import run

FILES = Path(__file__).resolve().parent / "files"

CONTROL = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: the lab of wright <root@localhost>
Depends: {depends}
Section: misc
Priority: optional
Description: {name} for hosts of the lab
 Made of the server's own files as the public package indexes have them.
"""


class Tree:
    """A package's folder while it is put together."""

    def __init__(self, folder):
        self.folder = folder
        self.configuration = []

    def path(self, inside):
        place = self.folder / inside.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def write(self, inside, content, mode=0o644):
        place = self.path(inside)
        place.write_text(content, encoding="utf-8")
        place.chmod(mode)

    def directory(self, inside):
        self.path(inside).mkdir(exist_ok=True)

    def configure(self, inside, content):
        """A file that dpkg treats as the administrator's."""
        self.write(inside, content)
        self.configuration.append(inside)

    def copy(self, inside, source, mode=0o644):
        shutil.copyfile(source, self.path(inside))
        self.path(inside).chmod(mode)


def build(target, name, version, architecture, depends, fill):
    """Writes `target`; `fill` puts the files into a Tree. The scripts are those in files/NAME."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        tree = Tree(Path(folder) / "tree")
        tree.folder.mkdir()
        fill(tree)
        control = tree.folder / "DEBIAN"
        control.mkdir()
        (control / "control").write_text(CONTROL.format(name=name, version=version, architecture=architecture,
                                                        depends=", ".join(depends)), encoding="utf-8")
        (control / "conffiles").write_text("".join(f"{path}\n" for path in sorted(tree.configuration)), encoding="utf-8")
        for script in ("preinst", "postinst", "prerm", "postrm"):
            source = FILES / name / script
            if source.exists():
                tree.copy(f"DEBIAN/{script}", source, 0o755)
        for place, _, _ in os.walk(tree.folder):
            os.chmod(place, 0o755)
        made = Path(folder) / target.name
        # gzip: every release's dpkg knows it, and at this level it costs a second.
        run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree.folder, made, timeout=300)
        made.chmod(0o644)
        os.rename(made, target)
