"""A lab on disk: its folder, its record, its lock."""

import contextlib
import fcntl
import json
import os
import re
from pathlib import Path

from .machine import LabError

STATE = Path(os.environ.get("WRIGHT_LAB_STATE", "/var/lib/wright-lab"))
CACHE = Path(os.environ.get("WRIGHT_LAB_CACHE", "/var/cache/wright-lab"))


@contextlib.contextmanager
def locked(path):
    """One holder at a time; the kernel drops the lock when the holder dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Lab:
    """The record `lab.json` and what follows from it."""

    def __init__(self, name):
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", name):
            raise LabError(f"'{name}' is no name for a lab: use small letters, digits and '-'")
        self.name = name
        self.folder = STATE / name
        self.record = {}

    def lock(self):
        return locked(STATE / f".{self.name}.lock")

    @property
    def exists(self):
        return (self.folder / "lab.json").exists()

    def load(self):
        try:
            self.record = json.loads((self.folder / "lab.json").read_text(encoding="utf-8"))
        except FileNotFoundError as missing:
            raise LabError(f"there is no lab '{self.name}': start it with tests/lab/lab up 1 --name {self.name}") from missing
        return self

    def save(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / "lab.json.new"
        fresh.write_text(json.dumps(self.record, indent=2) + "\n", encoding="utf-8")
        fresh.rename(self.folder / "lab.json")

    @property
    def slot(self):
        return self.record["slot"]

    @property
    def group(self):
        return f"lab{self.slot}"

    @property
    def bridge(self):
        return f"wrlab{self.slot}"

    def address(self, number):
        return f"10.213.{self.slot}.{number}"

    @property
    def gate(self):
        """The machine's own address on the bridge, where apt's proxy listens."""
        return self.address(1)

    @property
    def key(self):
        return self.folder / "key"

    @property
    def known_hosts(self):
        return self.folder / "known_hosts"

    def names(self):
        return [f"host{n}" for n in range(1, self.record["hosts"] + 1)]


def all_labs():
    if not STATE.is_dir():
        return []
    return [Lab(f.parent.name).load() for f in sorted(STATE.glob("*/lab.json"))]
