"""A control group for each thing the lab starts.

Two reasons. systemd-nspawn takes the group it is started in: two containers in one group would share the groups of their
services, and one host's `systemctl stop ssh` would end the other's. And the group is the surest list of what the lab
started, even if the lab died before it wrote a pid down.
"""

from pathlib import Path

from .machine import LabError, kill, wait_until

TOP = "wright-lab"
MEMORY = Path("/sys/fs/cgroup/memory")


def hierarchies():
    """The mount points that systemd looks at: cgroup2, and the named hierarchy of a hybrid machine."""
    found = []
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        for line in table:
            left, right = line.rstrip("\n").split(" - ")
            kind, _, options = right.split()[:3]
            if kind == "cgroup2" or (kind == "cgroup" and "name=systemd" in options.split(",")):
                found.append(Path(left.split()[4]))
    if not found:
        raise LabError("no cgroup2 is mounted on this machine: systemd-nspawn cannot boot hosts here")
    return list(dict.fromkeys(found))


def enter(name):
    """Moves the calling process into the group; for the moment between fork and exec."""
    for top in hierarchies():
        group = top / TOP / name
        group.mkdir(parents=True, exist_ok=True)
        (group / "cgroup.procs").write_text("0")


def processes(name):
    found = set()
    for top in hierarchies():
        for listing in (top / TOP / name).rglob("cgroup.procs"):
            try:
                found.update(int(pid) for pid in listing.read_text().split())
            except OSError:
                continue
    return found


def end(name):
    """Kills every process of the group and takes the group away."""
    def gone():
        left = processes(name)
        for pid in left:
            kill(pid)
        return not left
    wait_until(gone, 15, f"the processes of {name} to end")
    # The last is there when somebody limited a host's memory.
    for top in [*hierarchies(), MEMORY]:
        group = top / TOP / name
        for folder in sorted(group.rglob("*"), reverse=True):
            if folder.is_dir():
                _remove(folder)
        _remove(group)


def _remove(folder):
    def removed():
        try:
            folder.rmdir()
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return True
    wait_until(removed, 5, f"{folder} to become empty")
