"""A manifest: every path of a host with type, mode, owner, content digest or link target, and extended attributes."""

import hashlib
import os
import stat

# Kernel's and boot's own; they are not on a host's disk.
NOT_ON_DISK = ("/proc", "/sys", "/dev", "/run", "/tmp")
# What every boot or login writes; it says nothing about what a test did.
BOOT_AND_LOGIN = ("/var/log/wtmp", "/var/log/btmp", "/var/log/lastlog", "/var/lib/systemd/random-seed")
# The private /tmp of a running service, named anew at each start; systemd takes it away when the service stops.
PRIVATE_TMP = b"/var/tmp/systemd-private-"
TYPES = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "link", stat.S_IFIFO: "fifo",
         stat.S_IFSOCK: "socket", stat.S_IFCHR: "character", stat.S_IFBLK: "block"}


def printable(raw):
    """A path as one unambiguous word of a line, whatever bytes it has."""
    text = os.fsdecode(raw)
    return text.encode("unicode_escape", "surrogatepass").decode("ascii").replace(" ", "\\x20")


def read_excludes(path):
    """One path a line, '#' for comments; a path excludes what lies below it as well."""
    with open(path, encoding="utf-8") as lines:
        return [bare for bare in (line.split("#", 1)[0].strip().rstrip("/") for line in lines) if bare]


def manifest(root, excludes=()):
    """(path, line) pairs, sorted by path."""
    excluded = {os.fsencode(path) for path in (*NOT_ON_DISK, *BOOT_AND_LOGIN, *excludes)}
    rows = [("/", _describe(os.fsencode(root)))]
    _walk(os.fsencode(root), b"", excluded, rows)
    rows.sort()
    return rows


def _walk(folder, inside, excluded, rows):
    with os.scandir(folder) as entries:
        for entry in entries:
            path = inside + b"/" + entry.name
            if path in excluded or path.startswith(PRIVATE_TMP):
                continue
            rows.append((printable(path), _describe(entry.path)))
            if entry.is_dir(follow_symlinks=False):
                _walk(entry.path, path, excluded, rows)


def _describe(path):
    seen = os.lstat(path)
    kind = stat.S_IFMT(seen.st_mode)
    content = "-"
    if kind == stat.S_IFREG:
        content = _digest(path)
    elif kind == stat.S_IFLNK:
        content = "->" + printable(os.readlink(path))
    elif kind in (stat.S_IFCHR, stat.S_IFBLK):
        content = f"{os.major(seen.st_rdev)}:{os.minor(seen.st_rdev)}"
    names = ",".join(sorted(os.listxattr(path, follow_symlinks=False))) or "-"
    return f"{TYPES[kind]} {stat.S_IMODE(seen.st_mode):04o} {seen.st_uid}:{seen.st_gid} {content} {names}"


def _digest(path):
    with open(path, "rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
