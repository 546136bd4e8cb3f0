"""A whole lab: up, reset, down. Every step looks first, so each can be repeated after a crash."""

import shutil

from . import aptproxy, bootable, cgroup, identity, image, network
from .hosts import host_of
from .machine import LabError, is_mounted, run
from .memory import can_limit
from .state import STATE, locked


def up(lab, count, release, apt_lists, fsync, machine=False):
    with lab.lock():
        if lab.exists:
            lab.load()
            if release and release != lab.record["release"]:
                raise LabError(f"lab '{lab.name}' runs {lab.record['release']}: give this one another --name, "
                               f"or end it with tests/lab/lab down --name {lab.name}")
            if machine and not lab.record.get("machine"):
                raise LabError(f"lab '{lab.name}' runs containers: give this one another --name")
            lab.record["hosts"] = max(count, lab.record["hosts"])
        else:
            _create(lab, count, release or "bookworm", apt_lists, fsync, machine)
        lab.save()
        network.ensure_bridge(lab)
        aptproxy.ensure(lab)
        identity.ensure_lab_key(lab)
        hosts = [host_of(lab, name) for name in lab.names()]
        for host in hosts:
            host.start()
        identity.write_known_hosts(lab, hosts)
        for host in hosts:
            host.wait()


def _create(lab, count, release, apt_lists, fsync, machine):
    base = bootable.base(release) if machine else image.base(release)
    # The slot is taken by the record itself, so both happen under one lock of the whole machine.
    with locked(STATE / ".slots.lock"):
        lab.record = {"name": lab.name, "slot": network.free_slot(), "release": release, "base": str(base), "hosts": count,
                      "apt_lists": apt_lists, "fsync": fsync, "machine": machine}
        lab.save()


def reset(lab, names, memory=None):
    """Boots those hosts, or all, as they were made; returns their names."""
    if memory and lab.load().record.get("machine"):
        raise LabError(f"hosts of lab '{lab.name}' are machines with memory of their own")
    if memory and not can_limit():
        raise LabError("memory of hosts cannot be limited: this machine has no memory controller of cgroup v1")
    with lab.lock():
        lab.load()
        hosts = [host_of(lab, name) for name in names or lab.names()]
        for host in hosts:
            host.discard()
            lab.record.setdefault("memory", {})[host.name] = memory
        for host in hosts:
            host.start()
        for host in hosts:
            host.wait()
        return [host.name for host in hosts]


def down(lab):
    """Takes away all that the lab made, whatever state it is in."""
    with lab.lock():
        if not lab.exists:
            return False
        lab.load()
        for name in lab.names():
            host_of(lab, name).discard()
        aptproxy.stop(lab)
        cgroup.end(lab.group)
        network.remove_bridge(lab)
        _unmount_left(lab)
        # The record goes last: a `down` that dies on the way can be repeated.
        for entry in lab.folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != "lab.json":
                entry.unlink()
        shutil.rmtree(lab.folder)
        return True


def _unmount_left(lab):
    """Mounts that a test made below the lab's folder; a removal must not walk into them."""
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        points = [line.split()[4] for line in table]
    for point in reversed(points):
        if point.startswith(f"{lab.folder}/") and is_mounted(point):
            run("umount", point)
