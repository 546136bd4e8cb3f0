"""What programs are started on a host of the lab by those who come over SSH, each with its whole command line."""
import os
import pathlib
import re
import subprocess
import tempfile
import time


def pid_outside(lab, host, inside):
    """The number that a process of the host has on this machine."""
    namespace = lab.on(host, "readlink", "/proc/1/ns/pid").strip()
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            numbers = re.search(r"^NSpid:(.*)$", status.read_text(), re.MULTILINE)[1].split()
            if numbers[-1] == str(inside) and os.readlink(status.parent / "ns/pid") == namespace:
                return int(status.parent.name)
        except OSError:
            continue
    raise AssertionError(f"{host} has no process {inside}")


class Execs:
    """Traces the host's SSH server and all that comes of it while the block runs; then `lines` has each start of a program."""

    def __init__(self, lab, host):
        inside = lab.on(host, "systemctl", "show", "--property=MainPID", "--value", "ssh").strip()
        self.pid = pid_outside(lab, host, inside)

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="wright-execs-")
        self.trace = pathlib.Path(self.folder.name) / "trace"
        self.strace = subprocess.Popen(["strace", "--follow-forks", "--trace=execve,execveat", "--string-limit=65535", "--signal=none", "--output",
                                        self.trace, "--attach", str(self.pid)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 30
        while "TracerPid:\t0\n" in pathlib.Path(f"/proc/{self.pid}/status").read_text():
            assert self.strace.poll() is None and time.monotonic() < deadline, "strace does not attach"
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        self.strace.terminate()
        self.strace.communicate()
        self.lines = [line for line in self.trace.read_text(errors="replace").splitlines() if "exec" in line]
        self.folder.cleanup()

    @property
    def programs(self):
        """Their names, without those that were not found."""
        return [pathlib.PurePath(found[1]).name for line in self.lines if (found := re.search(r'exec\w+\((?:\d+, )?"([^"]*)".* = 0$', line))]
