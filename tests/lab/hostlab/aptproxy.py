"""apt for hosts that have no way out: an apt-cacher-ng of the lab's own, bound to the bridge."""

import os
import socket
import subprocess

from . import cgroup
from .machine import LabError, describe, known_again, wait_until
from .state import CACHE

# Not 3142: there the daemon that the Debian package starts may listen on every address.
PORT = 3199
PROGRAM = "/usr/sbin/apt-cacher-ng"

# No Remap lines: Debian's default ones answer 503 where the mirrors they name cannot be reached.
# A cache for each slot: two daemons must not write into one.
CONFIG = """\
CacheDir: {cache}
LogDir: {log}
SocketPath: {log}/socket
SupportDir: /usr/lib/apt-cacher-ng
BindAddress: {gate}
Port: {port}
ForeGround: 1
ReportPage:
PassThroughPattern: .*:443$
ExThreshold: 30
"""

# Short time-outs: without them a mirror that does not answer holds apt-get update for half an hour.
CLIENT = """\
Acquire::http::Proxy "http://{gate}:{port}";
Acquire::https::Proxy "http://{gate}:{port}";
Acquire::http::Proxy::{gate} "DIRECT";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Acquire::Retries "1";
"""


def client_configuration(lab):
    return CLIENT.format(gate=lab.gate, port=PORT)


def _answers(gate):
    try:
        socket.create_connection((gate, PORT), timeout=1).close()
    except OSError:
        return False
    return True


def ensure(lab):
    folder = lab.folder / "apt"
    if known_again(lab.record.get("apt"), str(folder)):
        return
    stop(lab)
    cache = CACHE / "apt" / str(lab.slot)
    cache.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "acng.conf").write_text(CONFIG.format(cache=cache, log=folder, gate=lab.gate, port=PORT))
    if not os.access(PROGRAM, os.X_OK):
        raise LabError("apt-cacher-ng is not installed: run packaging/dependencies lab")
    with open(folder / "output", "ab") as output:
        started = subprocess.Popen([PROGRAM, "-c", str(folder)], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                   start_new_session=True, preexec_fn=lambda: cgroup.enter(f"{lab.group}/apt"))
    lab.record["apt"] = describe(started.pid)
    lab.save()

    def ready():
        if started.poll() is not None:
            raise LabError(f"apt-cacher-ng ended at once: see {folder}/output")
        return _answers(lab.gate)
    wait_until(ready, 15, "apt-cacher-ng to listen on the bridge")


def stop(lab):
    cgroup.end(f"{lab.group}/apt")
    lab.record.pop("apt", None)
