"""The manifest of a host whose disk cannot be read from outside while it runs: one walk on the host itself."""

import shlex

from .manifest import BOOT_AND_LOGIN, NOT_ON_DISK, PRIVATE_TMP, printable

TYPES = {"f": "file", "d": "directory", "l": "link", "p": "fifo", "s": "socket", "c": "character", "b": "block"}
# Programs and their data are known by their size, as to digest all of a system takes an emulated processor a minute.
DIGESTED = ("/etc", "/root", "/home", "/usr/local", "/usr/lib/systemd", "/var/lib/dpkg/info", "/var/spool")


def _walk(excludes):
    pruned = " -o ".join(f"-path {shlex.quote(path)}" for path in (*NOT_ON_DISK, *BOOT_AND_LOGIN, *excludes))
    digested = " ".join(DIGESTED)
    return (rf"find / \( {pruned} -o -path {shlex.quote(PRIVATE_TMP.decode() + '*')} \) -prune -o -printf '%y\t%m\t%U:%G\t%s\t%l\t%p\0'; "
            f"printf '\\0'; find {digested} -xdev -type f -print0 | xargs -0 sha256sum -z --")


def manifest(host, excludes=()):
    """(path, line) pairs, sorted by path; without extended attributes."""
    walked, _, digested = host.execute("sh", "-c", _walk(excludes)).stdout.partition("\0\0")
    digests = {}
    for entry in digested.split("\0"):
        digest, _, path = entry.partition("  ")
        digests[path] = digest
    rows = []
    for entry in walked.split("\0"):
        kind, mode, owner, size, target, path = entry.split("\t", 5)
        content = "-"
        if kind == "f":
            content = digests.get(path, f"{size} bytes")
        elif kind == "l":
            content = "->" + target
        rows.append((printable(path.encode()), f"{TYPES[kind]} {mode:0>4} {owner} {content}"))
    return sorted(rows)
