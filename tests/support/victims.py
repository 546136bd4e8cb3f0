"""Processes of a lab's host, to be killed in the middle of what they do."""
import os
import pathlib
import signal
import time


def processes_in(root, name, argument=None):
    """Pids, as this machine sees them, of programs of that name, and with that argument if given, whose root is the host's."""
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")
            if pathlib.Path(words[0]).name == name and argument in (None, *words) and os.path.samefile(folder / "root", root):
                found.append(int(folder.name))
        except (OSError, IndexError, UnicodeDecodeError):
            continue  # it ended while we looked
    return found


def await_end_of(root, name, seconds=180):
    """Waits until no process of that name is left in the host."""
    deadline = time.monotonic() + seconds
    while processes_in(root, name):
        if time.monotonic() > deadline:
            raise AssertionError(f"{name} did not end within {seconds} s")
        time.sleep(0.1)


def lifetimes(running, finders):
    """Watches until `running` ends; for how many seconds each of the finders (name to function) gave something."""
    alive, last = dict.fromkeys(finders, 0.0), time.monotonic()
    while running.poll() is None:
        there = [name for name, find in finders.items() if find(running)]
        now = time.monotonic()
        for name in there:
            alive[name] += now - last
        last = now
        time.sleep(0.005)
    return alive


def await_age(running, find, age):
    """The pids that find() gives once there were some for so many seconds; none when `running` ends before."""
    alive, last = 0.0, time.monotonic()
    while running.poll() is None:
        pids = find(running)
        now = time.monotonic()
        if pids:
            alive += now - last
        last = now
        if pids and alive >= age:
            return pids
        time.sleep(0.005)
    return []


def kill(pids):
    """How many of them were still there to be killed."""
    killed = 0
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
            killed += 1
        except ProcessLookupError:
            pass
    return killed
