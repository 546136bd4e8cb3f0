"""Files that packages are made of: fetched once by pip and Maven, and used only with the digest that their list says."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from hostlab.machine import LabError
from hostlab.state import CACHE

PINS = Path(__file__).resolve().parent / "pins"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
POM = """\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>lab</groupId><artifactId>lab</artifactId><version>1</version><packaging>pom</packaging>
  <build><plugins><plugin>
    <groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId>
    <configuration><artifactItems>{items}</artifactItems></configuration>
  </plugin></plugins></build>
</project>
"""
MINUTES = 15


def pinned(package):
    """The lines of a package's list: each the digest, the path and what else the line says."""
    lines = (PINS / package).read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


def from_maven(lines):
    """The local paths of the lines' files, in their order. Lines name them by their paths below a Maven repository."""
    files = [(digest, path) for digest, path, *_ in lines]
    missing = {path for digest, path in files if not _place(digest, path).exists()}
    if missing:
        if not shutil.which("mvn"):
            raise LabError("Maven is needed to fetch this package's files: packaging/dependencies lab installs it")
        with _scratch() as folder:
            items = "".join(f"<artifactItem>{_coordinates(path)}</artifactItem>" for path in sorted(missing))
            (folder / "pom.xml").write_text(POM.format(items=items), encoding="utf-8")
            _run(["mvn", "-q", "-B", "-f", str(folder / "pom.xml"), COPY, f"-DoutputDirectory={folder / 'got'}"])
            for digest, path in files:
                if path in missing and not _place(digest, path).exists():
                    _keep(folder / "got" / _name(path), digest, path)
    return [_place(digest, path) for digest, path in files]


def from_index(line):
    """The local path of a wheel, that the line names as PROJECT/FILE."""
    digest, path = line[:2]
    if not _place(digest, path).exists():
        project, wheel = path.split("/")
        _, version, *_, platform = wheel.removesuffix(".whl").split("-")
        with _scratch() as folder:
            _run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:",
                  "--platform", platform, "--dest", str(folder), f"{project}=={version}"])
            _keep(folder / wheel, digest, path)
    return _place(digest, path)


def _coordinates(path):
    *group, artifact, version, name = path.split("/")
    rest, _, kind = name.removeprefix(f"{artifact}-{version}").rpartition(".")
    parts = {"groupId": ".".join(group), "artifactId": artifact, "version": version, "type": kind, "classifier": rest.removeprefix("-")}
    return "".join(f"<{key}>{escape(value)}</{key}>" for key, value in parts.items() if value)


def _name(path):
    return path.rsplit("/", 1)[-1]


def _place(digest, path):
    return CACHE / "downloads" / f"{digest[:16]}-{_name(path)}"


def _scratch():
    (CACHE / "downloads").mkdir(parents=True, exist_ok=True)
    return _Folder(dir=CACHE / "downloads", prefix=".part-")


class _Folder(tempfile.TemporaryDirectory):
    def __enter__(self):
        return Path(super().__enter__())


def _keep(source, digest, path):
    if not source.exists():
        raise LabError(f"{_name(path)} was not fetched")
    seen = hashlib.sha256(source.read_bytes()).hexdigest()
    if seen != digest:
        raise LabError(f"{_name(path)} is not what was expected: its sha256 is {seen}, the list says {digest}")
    os.rename(source, _place(digest, path))


def _run(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=MINUTES * 60, check=False)
    if done.returncode != 0:
        raise LabError(f"{command[0]} could not fetch what a package is made of:\n{(done.stdout + done.stderr)[-2000:]}")
