"""A host that is a whole machine: a kernel, a disk and a page cache of its own, under qemu. It is what a container cannot be: it
swaps, it has a clock to set, it reboots, and a power cut loses what was not synced."""

import shlex
import subprocess
from pathlib import Path

from . import accelerator, bootable, cgroup, far_manifest, network
from .host import Host
from .machine import known_again, run, wait_until

DISK = "4G"
MEMORY = "1G"
# Root on the whole disk. Mitigations would guard this machine's emulated processor against nobody.
KERNEL_LINE = "root=/dev/vda rw console=ttyS0 quiet mitigations=off systemd.show_status=no"


class Machine(Host):
    ready_seconds = 120

    def __init__(self, lab, name):
        super().__init__(lab, name)
        self.fresh, self.disk = self.folder / "fresh.ext4", self.folder / "disk.qcow2"
        self.connection = self.folder / "ssh"

    def supervisor(self):
        return known_again(self._process, f"guest={self.machine}")

    def init(self):
        return self.supervisor()

    def _prepare(self):
        if not self.fresh.exists():
            self._make_fresh()
        if not self.disk.exists():
            run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", self.fresh, self.disk)
        network.ensure_tap(self)

    def _make_fresh(self):
        """The disk as the host has it when it is new; a reset only drops the layer on top of it."""
        super()._prepare()
        part = self.fresh.with_suffix(".part")
        part.unlink(missing_ok=True)
        run("mke2fs", "-q", "-t", "ext4", "-d", self.root, part, DISK)
        self.unmount()
        part.rename(self.fresh)

    def _booting(self):
        kernel, initrd = bootable.kernel(self.base)
        # writeback: what the guest syncs is on this machine's disk before it goes on; what it did not write is in its memory, and what
        # it wrote without a flush may be in qemu's, as in the cache of a disk. Both are gone when qemu is killed.
        return ["qemu-system-x86_64", "-name", f"guest={self.machine}", *accelerator.options(), "-smp", "2", "-m", MEMORY,
                "-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio", "-rtc", "base=utc",
                "-kernel", str(kernel), "-initrd", str(initrd), "-append", KERNEL_LINE,
                "-drive", f"if=virtio,file={self.disk},format=qcow2,cache=writeback",
                "-netdev", f"tap,id=link,ifname={self.link},script=no,downscript=no",
                "-device", f"virtio-net-pci,netdev=link,mac=52:54:00:d5:{self.lab.slot:02x}:{self.number:02x},romfile=",
                "-device", "virtio-rng-pci"]

    @property
    def base(self):
        return Path(self.lab.record["base"])

    def _await_ssh(self):
        super()._await_ssh()
        self._keep_connection()

    def _keep_connection(self):
        """One login for all commands, in the host's own group, so that it ends with it: an emulated processor needs seconds for each."""
        ssh = ("ssh", "-S", str(self.connection))
        if run(*ssh, "-O", "check", self.address, check=False).returncode == 0:
            return
        self.connection.unlink(missing_ok=True)
        subprocess.Popen([*self._login(), "-M", "-N"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         start_new_session=True, preexec_fn=lambda: cgroup.enter(self.group))
        wait_until(self.connection.exists, self.ready_seconds, f"a login on {self.name}")

    def command(self, *argv):
        """Through ssh, as nothing else leads into a machine; without a kept connection, by a login of its own."""
        return [*self._login(), "cd /root && exec env DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 " + shlex.join(argv)]

    def _login(self):
        return ["ssh", "-F", "none", "-i", str(self.lab.key), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
                "-o", f"UserKnownHostsFile={self.lab.known_hosts}", "-o", "StrictHostKeyChecking=yes", "-o", "ServerAliveInterval=5",
                "-o", "ConnectTimeout=20", "-o", "LogLevel=ERROR", "-S", str(self.connection), f"root@{self.address}"]

    def manifest(self, excludes=()):
        return far_manifest.manifest(self, excludes)

    def read(self, path):
        return self.execute("cat", path).stdout

    def power_off(self):
        self.running_init()
        # The connection may end before the command does.
        self.execute("systemctl", "poweroff", check=False)
        self._gone()

    def discard(self):
        super().discard()
        self.disk.unlink(missing_ok=True)
        network.remove_tap(self)
