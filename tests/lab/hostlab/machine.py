"""What the lab asks of this machine: commands, waiting with a deadline, and the processes it started."""

import os
import signal
import subprocess
import time
from pathlib import Path


class LabError(Exception):
    """Something that the person at the keyboard has to know, in words for them."""


def run(*argv, check=True, timeout=120, **options):
    """Runs a command to its end; stdin is closed so that nothing ever waits for an answer."""
    options.setdefault("stdin", subprocess.DEVNULL)
    try:
        done = subprocess.run([str(a) for a in argv], capture_output=True, text=True,
                              timeout=timeout, check=False, **options)
    except FileNotFoundError as missing:
        raise LabError(f"{argv[0]} is not installed: run packaging/dependencies lab") from missing
    except subprocess.TimeoutExpired as late:
        raise LabError(f"'{' '.join(map(str, argv))}' did not end within {timeout} s") from late
    if check and done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise LabError(f"'{' '.join(map(str, argv))}' failed ({done.returncode}): {said}")
    return done


def wait_until(look, seconds, what, pause=0.02):
    """Looks until `look` gives something true; an error names what was waited for."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise LabError(f"waited {seconds} s for {what}")
        time.sleep(pause)


def start_time(pid):
    """The kernel's start time of a process (field 22 of stat), or None when it is gone or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat[stat.rindex(")") + 2:].split()
    return None if fields[0] in "ZX" else int(fields[19])


def cmdline(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def describe(pid):
    """What a record keeps of a process: enough to know it again."""
    return {"pid": pid, "started": start_time(pid)}


def known_again(record, word):
    """The pid of a record if that very process still runs and its command line has `word`, else None.

    A pid alone proves nothing: the number may belong to somebody else's process by now.
    """
    if not record or record.get("started") is None:
        return None
    pid = record["pid"]
    if start_time(pid) == record["started"] and any(word in part for part in cmdline(pid)):
        return pid
    return None


def kill(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def is_mounted(path):
    """Whether something is mounted exactly there."""
    wanted = str(path).replace(" ", "\\040")
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        return any(line.split()[4] == wanted for line in table)
