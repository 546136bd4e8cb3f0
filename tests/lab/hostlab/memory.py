"""How much memory a host has and uses: by the machine's memory controller of cgroup v1, in a group beside those that systemd knows."""

from . import cgroup
from .machine import LabError

MIB = 1 << 20


def can_limit():
    return (cgroup.MEMORY / "memory.limit_in_bytes").exists()


def _group(name):
    return cgroup.MEMORY / cgroup.TOP / name


def enter(name, mib):
    """Moves the calling process into a group that gets no more than so many MiB; for the moment between fork and exec. A process that
    comes later sees a group outside of its namespace, which programs that look at their limits stumble over."""
    group = _group(name)
    group.mkdir(parents=True, exist_ok=True)
    (group / "memory.limit_in_bytes").write_text(str(mib * MIB))
    (group / "cgroup.procs").write_text("0")


def used(host):
    """MiB: the limit, what processes have of their own, what counts with the files they read, the most of that, and refusals."""
    group = _group(host.group)
    if not group.exists():
        raise LabError(f"{host.name} was booted without a limit: tests/lab/lab reset {host.name} --memory MIB --name {host.lab.name}")
    counts = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    read = {name: int((group / f"memory.{name}").read_text()) for name in ("limit_in_bytes", "usage_in_bytes", "max_usage_in_bytes", "failcnt")}
    return {"limit_mib": read["limit_in_bytes"] // MIB, "anonymous_mib": int(counts["total_rss"]) // MIB, "all_mib": read["usage_in_bytes"] // MIB,
            "peak_mib": read["max_usage_in_bytes"] // MIB, "refused": read["failcnt"]}
