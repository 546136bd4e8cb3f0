"""Base images: a bootstrapped Debian per release, built once, never written to afterwards."""

import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

from .machine import LabError, is_mounted, run
from .state import CACHE, all_labs, locked

RELEASES = ("bookworm", "bullseye", "trixie")
PACKAGES = "systemd,systemd-sysv,dbus,openssh-server,iproute2,ca-certificates,sudo"
# Package lists older than this name versions that the mirror no longer has.
GOOD_FOR_DAYS = 7
# What would change a host, or hold apt's lock, without any test having asked for it.
UNASKED = ("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer",
           "e2scrub_reap.service")


def recipe():
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]


def mirrors():
    """The main and the security archive as this machine's own apt knows them; no address is written down here."""
    listed = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                 "Created-By: Packages").stdout.split("\n")
    main = security = None
    for line in listed:
        uri, _, rest = line.partition(" ")
        suite, _, component = rest.partition(" ")
        if component != "main":
            continue
        if suite.endswith("-security"):
            security = security or uri.rstrip("/")
        elif suite in RELEASES or suite in ("stable", "oldstable"):
            main = main or uri.rstrip("/")
    if not main:
        raise LabError("this machine's apt sources name no Debian archive: add one to /etc/apt/sources.list.d, "
                       "run apt-get update, and try again")
    return main, security


def sources(release):
    main, security = mirrors()
    lines = [f"deb {main} {release} main", f"deb {main} {release}-updates main"]
    if security:
        lines.append(f"deb {security} {release}-security main")
    return "\n".join(lines) + "\n"


def base(release, rebuild=False):
    """The folder of the newest good image of a release; builds one when there is none."""
    if release not in RELEASES:
        raise LabError(f"no release '{release}': choose one of {', '.join(RELEASES)}")
    with locked(CACHE / f".{release}.lock"):
        good = sorted(CACHE.glob(f"{release}-{recipe()}-*[0-9]"))
        young = time.time() - GOOD_FOR_DAYS * 86400
        if good and not rebuild and int(good[-1].name.rsplit("-", 1)[1]) > young:
            return good[-1]
        built = _build(release)
        _drop_old(release, built)
        return built


def _build(release):
    print(f"lab: building the base image of {release} (once, about a minute)", file=sys.stderr)
    for left in CACHE.glob(f"{release}-*.part"):
        _remove(left)
    final = CACHE / f"{release}-{recipe()}-{int(time.time())}"
    root = final.with_name(final.name + ".part")
    main, _ = mirrors()
    run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", release, root, main, timeout=900)
    _settle(root, release)
    root.rename(final)
    return final


def _settle(root, release):
    """Makes of a bootstrapped tree a host that stays as it is when nobody touches it."""
    etc = root / "etc"
    (etc / "apt/sources.list").write_text(sources(release))
    resolver = etc / "resolv.conf"
    shutil.copyfile("/etc/resolv.conf", resolver)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    run("chroot", root, "apt-get", "-o", "Acquire::http::Timeout=30", "-o", "Acquire::Retries=1", "update",
        timeout=180, env=quiet)
    run("chroot", root, "apt-get", "-y", "-o", "Acquire::http::Timeout=30", "upgrade", timeout=600, env=quiet)
    run("chroot", root, "apt-get", "clean", env=quiet)
    resolver.write_text("# The hosts of a lab have no name server.\n")

    for unit in UNASKED:
        run("systemctl", f"--root={root}", "disable", unit, check=False)
    run("systemctl", f"--root={root}", "enable", "systemd-networkd.service")
    # Nothing of the lab pulls in network-online.target, and a host whose link is cut should still boot at once.
    run("systemctl", f"--root={root}", "disable", "systemd-networkd-wait-online.service", check=False)
    journal = etc / "systemd/journald.conf.d"
    journal.mkdir(parents=True, exist_ok=True)
    # On disk the journal would change between any two manifests.
    (journal / "lab.conf").write_text("[Journal]\nStorage=volatile\n")

    for key in (etc / "ssh").glob("ssh_host_*"):
        key.unlink()
    (etc / "machine-id").write_text("")
    (root / "root/.ssh").mkdir(mode=0o700, exist_ok=True)


def _drop_old(release, built):
    used = {lab.record.get("base") for lab in all_labs()}
    for other in CACHE.glob(f"{release}-*"):
        if other != built and str(other) not in used and not other.name.endswith(".part"):
            _remove(other)


def _remove(root):
    for inner in ("proc", "sys", "dev/pts", "dev/shm"):
        if is_mounted(root / inner):
            run("umount", "-R", root / inner)
    shutil.rmtree(root)
