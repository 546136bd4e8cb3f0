"""A signed apt repository of servers that Debian does not have, for the hosts of a lab."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from hostlab import cgroup
from hostlab.machine import LabError, describe, known_again, wait_until
from hostlab.state import CACHE, locked

from . import graylog, index, mongodb, search
from .serving import PORT, answers

BUILDERS = {
    "mongodb-org-server": (mongodb.build, mongodb.VERSIONS),
    "elasticsearch": (search.build_elasticsearch, search.ELASTICSEARCH),
    "opensearch": (search.build_opensearch, search.OPENSEARCH),
    "graylog-server": (graylog.build, graylog.VERSIONS),
}


def _wanted(words):
    """(name, version) of words such as opensearch or elasticsearch=6.2.4; all packages, newest, when there are none."""
    for word in words or BUILDERS:
        name, _, version = word.partition("=")
        if name not in BUILDERS:
            raise LabError(f"there is no package '{name}' to build: there are {', '.join(BUILDERS)}")
        versions = BUILDERS[name][1]
        if version and version not in versions:
            raise LabError(f"{name} {version} cannot be built: there is {', '.join(versions)}")
        yield name, version or versions[-1]


def _recipe():
    """A digest of all that packages are made by: a package built by other rules is not used again."""
    found = hashlib.sha256()
    here = Path(__file__).resolve().parent
    for path in sorted(here.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            found.update(str(path.relative_to(here)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


def _package(name, version):
    folder = CACHE / "packages" / _recipe()
    target = folder / f"{name}_{version}.deb"
    with locked(CACHE / "packages" / f".{name}.lock"):
        if not target.exists():
            BUILDERS[name][0](target, version)
            # Those of other rules; a lab that has one holds a link of its own.
            for old in (CACHE / "packages").glob(f"*/{target.name}"):
                if old != target:
                    old.unlink()
    return target


def provide(lab, words):
    """Has the lab's repository hold these packages besides those it has; returns what a site file needs of it."""
    packages = [_package(name, version) for name, version in _wanted(words)]
    folder = lab.folder / "repository"
    with lab.lock():
        lab.load()
        known = {path.name: path for path in (folder / "pool").glob("*.deb")} if folder.exists() else {}
        fresh = {path.name: path for path in packages}
        if any(not (name in known and known[name].samefile(path)) for name, path in fresh.items()):
            index.write(folder, _kept(folder, known, fresh), lab.folder / "repository-keys")
        _serve(lab, folder)
    return {"uri": f"http://{lab.gate}:{PORT}/", "suite": index.SUITE, "component": index.COMPONENT, "key": str(folder / "key.asc")}


def _kept(folder, known, fresh):
    """Those that are there already are moved aside, as the index begins with an empty pool."""
    aside = folder / "aside"
    aside.mkdir(parents=True, exist_ok=True)
    for old in aside.iterdir():
        old.unlink()
    for name, path in known.items():
        if name not in fresh:
            os.link(path, aside / name)
    return sorted([*aside.iterdir(), *fresh.values()], key=lambda path: path.name)


def _serve(lab, folder):
    server = Path(__file__).resolve().parent / "serving.py"
    if known_again(lab.record.get("repository"), str(server)):
        return
    cgroup.end(f"{lab.group}/repository")
    with open(lab.folder / "repository.log", "ab") as output:
        started = subprocess.Popen([sys.executable, "-B", str(server), lab.gate, str(folder)], stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=output, start_new_session=True,
                                   preexec_fn=lambda: cgroup.enter(f"{lab.group}/repository"))
    lab.record["repository"] = describe(started.pid)
    lab.save()

    def ready():
        if started.poll() is not None:
            raise LabError(f"the repository's server ended at once: see {lab.folder}/repository.log")
        return answers(lab.gate)
    wait_until(ready, 15, "the repository's server to listen on the bridge")
