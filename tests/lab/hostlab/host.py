"""One host: its disk (an overlay), its identity, and its boot."""

import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from . import aptproxy, cgroup, identity, memory
from .machine import (LabError, describe, is_mounted, kill, known_again, run, start_time, wait_until)
from .manifest import manifest

STOP_SECONDS = 30


class Host:
    ready_seconds = 60

    def __init__(self, lab, name):
        found = re.fullmatch(r"host([1-9][0-9]*)", name)
        if not found or int(found[1]) > lab.record["hosts"]:
            raise LabError(f"lab '{lab.name}' has no host '{name}': it has {', '.join(lab.names())}")
        self.lab, self.name, self.number = lab, name, int(found[1])
        self.folder = lab.folder / "hosts" / name
        self.address = lab.address(10 + self.number)
        # The machine's name makes the name of the network link, which has room for 15 characters.
        self.machine = f"wl{lab.slot}h{self.number}"
        self.link = f"vb-{self.machine}"
        self.group = f"{lab.group}/{name}"
        self.root, self.upper = self.folder / "root", self.folder / "upper"
        self.console = self.folder / "console"

    @property
    def _process(self):
        return self.lab.record.setdefault("processes", {}).get(self.name)

    def supervisor(self):
        return known_again(self._process, f"--machine={self.machine}")

    def init(self):
        """The pid of the host's own init, found below its supervisor and checked to be pid 1 in its namespace."""
        supervisor = self.supervisor()
        if not supervisor:
            return None
        try:
            children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
            for child in children:
                status = Path(f"/proc/{child}/status").read_text()
                if re.search(r"^NSpid:.*\t1$", status, re.MULTILINE):
                    return int(child)
        except OSError:
            return None
        return None

    def running_init(self):
        pid = self.init()
        if not pid:
            raise LabError(f"{self.name} does not run: tests/lab/lab boot {self.name} --name {self.lab.name}")
        return pid

    def mount(self):
        if is_mounted(self.root):
            return
        work = self.folder / "work"
        # The mark of an overlay that was not unmounted; what it guards against, lost page cache, a reset undoes.
        shutil.rmtree(work, ignore_errors=True)
        for folder in (self.root, self.upper, work):
            folder.mkdir(parents=True, exist_ok=True)
        # redirect_dir lets a folder of the base be renamed, as on any other file system.
        options = f"lowerdir={self.lab.record['base']},upperdir={self.upper},workdir={work},redirect_dir=on"
        if not self.lab.record["fsync"]:
            options += ",volatile"
        run("mount", "-t", "overlay", "overlay", "-o", options, self.root)

    def unmount(self):
        while is_mounted(self.root):
            run("umount", self.root)

    def start(self):
        """Boots without waiting; `wait` waits, so that many hosts boot at once."""
        if self.init():
            return
        cgroup.end(self.group)
        self._prepare()
        with open(self.console, "wb") as console:
            started = subprocess.Popen(
                self._booting(), stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
                env={"PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")},
                preexec_fn=self._enter_groups)
        self.lab.record.setdefault("processes", {})[self.name] = describe(started.pid)
        self.lab.save()

    def _prepare(self):
        """The disk, with the host's identity when nothing was written on it yet."""
        fresh = not self.upper.exists() or not any(self.upper.iterdir())
        self.mount()
        if fresh:
            identity.write(self)
            self._configure_apt()

    def _booting(self):
        # Without CAP_IPC_LOCK nspawn forbids mlock(), which mongod keeps passwords in memory with and dies without.
        return ["systemd-nspawn", "--capability=CAP_IPC_LOCK", "-D", str(self.root), f"--machine={self.machine}", f"--hostname={self.name}",
                "--register=no", "--keep-unit", "--link-journal=no", "--resolv-conf=off", "--timezone=off",
                "--console=read-only", f"--network-bridge={self.lab.bridge}", "-b"]

    def _enter_groups(self):
        cgroup.enter(self.group)
        if mib := self.lab.record.get("memory", {}).get(self.name):
            memory.enter(self.group, mib)

    def _configure_apt(self):
        (self.root / "etc/apt/apt.conf.d/90lab").write_text(aptproxy.client_configuration(self.lab))
        if not self.lab.record["apt_lists"]:
            for entry in (self.root / "var/lib/apt/lists").iterdir():
                if entry.is_file() and entry.name != "lock":
                    entry.unlink()
            for cache in (self.root / "var/cache/apt").glob("*.bin"):
                cache.unlink()

    def wait(self):
        """Until sshd answers and systemd has nothing left to start."""
        self._await_ssh()
        self.execute("systemctl", "is-system-running", "--wait", check=False, timeout=self.ready_seconds)

    def _await_ssh(self):
        def answers():
            if not self.supervisor():
                raise LabError(f"{self.name} ended while it booted; the end of {self.console}:\n{self._last_words()}")
            try:
                with socket.create_connection((self.address, 22), timeout=1) as link:
                    return link.recv(4) == b"SSH-"
            except OSError:
                return False
        wait_until(answers, self.ready_seconds, f"sshd of {self.name} at {self.address}; its console is {self.console}")

    def _last_words(self):
        return self.console.read_bytes()[-1500:].decode(errors="replace")

    def command(self, *argv):
        """The argv that runs a command inside, with the environment a service has; no ssh, a few milliseconds."""
        return ["nsenter", "-t", str(self.running_init()), "-m", "-u", "-i", "-n", "-p", "-C", "--",
                "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME=/root", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive",
                "sh", "-c", 'cd /root && exec "$@"', "sh", *argv]

    def execute(self, *argv, **options):
        return run(*self.command(*argv), **options)

    def manifest(self, excludes=()):
        return manifest(self.root, excludes)

    def read(self, path):
        return (self.root / path.lstrip("/")).read_text()

    def power_cut(self):
        """Ends init without a word, as a pulled plug does; what was written to the page cache stays."""
        kill(self.running_init())
        self._gone()

    def power_off(self):
        kill(self.running_init(), signal.SIGRTMIN + 4)
        self._gone()

    def _gone(self):
        record = self._process
        wait_until(lambda: start_time(record["pid"]) != record["started"], STOP_SECONDS, f"{self.name} to stop")
        self._forget()

    def _forget(self):
        cgroup.end(self.group)
        self.lab.record.get("processes", {}).pop(self.name, None)
        self.lab.save()

    def discard(self):
        """Stops the host and drops all that was ever written on it; its identity stays."""
        init = self.init()
        if init:
            self.power_cut()
        else:
            self._forget()
        self.unmount()
        for folder in ("upper", "work", "root"):
            shutil.rmtree(self.folder / folder, ignore_errors=True)
