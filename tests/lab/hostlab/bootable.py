"""Bootable images: a base image with Debian's own kernel in it, for hosts that are whole machines. Built once, never written to afterwards."""

import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

from . import image
from .machine import run
from .state import CACHE, all_labs, locked

# That for virtual machines: a third of the size of the other, with the same file systems, netfilter and clock.
PACKAGES = ("linux-image-cloud-amd64", "initramfs-tools", "udev")
# All that is between the kernel and its root; a short list is unpacked and probed in a second, also where the processor is emulated.
EARLY_MODULES = ("virtio_pci", "virtio_blk", "ext4")


def _prefix(release):
    return f"machine-{release}-{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]}-"


def base(release):
    """The folder of the image that belongs to the newest base image of a release; builds one when there is none."""
    below = image.base(release)
    with locked(CACHE / f".machine-{release}.lock"):
        final = CACHE / f"{_prefix(release)}{below.name.rsplit('-', 1)[1]}"
        if not final.exists():
            _build(below, final)
            _drop_old(release, final)
        return final


def kernel(base_folder):
    """Kernel and initrd of such an image, which qemu loads by itself: there is no boot loader to keep."""
    newest = sorted((base_folder / "boot").glob("vmlinuz-*"))[-1]
    return newest, newest.with_name(newest.name.replace("vmlinuz", "initrd.img"))


def _build(below, final):
    print(f"lab: building {final.name} out of {below.name} (once, less than a minute)", file=sys.stderr)
    started = time.monotonic()
    for left in CACHE.glob(f"{final.name.rsplit('-', 1)[0]}-*.part"):
        shutil.rmtree(left)
    root = final.with_name(final.name + ".part")
    run("cp", "-a", "--reflink=auto", below, root)
    early = root / "etc/initramfs-tools"
    (early / "conf.d").mkdir(parents=True)
    (early / "conf.d/lab").write_text("MODULES=list\n")
    (early / "modules").write_text("".join(f"{module}\n" for module in EARLY_MODULES))
    resolver, no_resolver = root / "etc/resolv.conf", (root / "etc/resolv.conf").read_text()
    shutil.copyfile("/etc/resolv.conf", resolver)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    apt = ("chroot", root, "apt-get", "-o", "Acquire::http::Timeout=30", "-o", "Acquire::Retries=1", "-o", "Dpkg::Options::=--force-confold")
    # The lists of a base image may be a week old, and the mirror has only the newest kernel.
    run(*apt, "update", timeout=180, env=quiet)
    run(*apt, "-y", "--no-install-recommends", "install", *PACKAGES, timeout=600, env=quiet)
    run(*apt, "clean", env=quiet)
    resolver.write_text(no_resolver)
    # The name that the link has in a container, so that one description of the network serves both.
    (root / "etc/systemd/network/10-host0.link").write_text("[Match]\nDriver=virtio_net\n\n[Link]\nName=host0\n")
    root.rename(final)
    print(f"lab: built in {time.monotonic() - started:.0f} s", file=sys.stderr)


def _drop_old(release, built):
    used = {lab.record.get("base") for lab in all_labs()}
    for other in CACHE.glob(f"machine-{release}-*[0-9]"):
        if other != built and str(other) not in used:
            shutil.rmtree(other)
