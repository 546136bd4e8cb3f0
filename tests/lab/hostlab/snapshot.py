"""A snapshot: the manifest of a host and the state that no file shows; and the comparison of two."""

import fnmatch
import re

from .machine import LabError

# One call into the host; each part answers within milliseconds.
LOOK = r"""
echo '## packages'; dpkg-query -W -f '${Package}:${Architecture} ${Version} ${db:Status-Abbrev}\n'
echo '## units'; systemctl list-unit-files --no-legend --no-pager --plain | awk '{ print $1, $2 }'
echo '## active'; systemctl list-units --all --no-legend --no-pager --plain --type=service,socket,timer,path,mount |
    awk '$3 == "active" || $3 == "failed" { print $1, $3 }'
echo '## listening'; ss -Hltnup | awk '{ print $1 "/" $5, $7 }'
"""
# What a login makes and takes away again says nothing about the host.
PASSING = re.compile(r"^(user@|user-runtime-dir@|session-|run-user-|tmp-|run-credentials-|systemd-(hostnamed|timedated|localed)\.)")


def snapshot(host, excludes=()):
    parts = {"manifest": dict(host.manifest(excludes))}
    name = None
    for line in host.execute("sh", "-c", LOOK).stdout.splitlines():
        if line.startswith("## "):
            name = line[3:]
            parts[name] = {}
        elif line.strip():
            key, _, value = line.strip().partition(" ")
            parts[name][key] = value
    for seen in ("packages", "units", "active", "listening"):
        if not parts.get(seen):
            raise LabError(f"{host.name} said nothing of its {seen}: a snapshot without them would tell differences that are none")
    parts["active"] = {unit: state for unit, state in parts["active"].items() if not PASSING.match(unit)}
    parts["listening"] = _sockets(parts["listening"].items())
    parts["users"] = _colons(host.read("/etc/passwd"))
    parts["groups"] = _colons(host.read("/etc/group"))
    there = "/var/lib/apt/extended_states" in parts["manifest"]
    parts["automatic"] = _automatic(host.read("/var/lib/apt/extended_states")) if there else {}
    return parts


def _automatic(text):
    """Packages that apt holds for mere dependencies; read as a file, for apt-mark would write its cache on the host."""
    paragraphs = text.split("\n\n")
    fields = [dict(line.split(": ", 1) for line in p.splitlines() if ": " in line) for p in paragraphs]
    return {f"{f['Package']}:{f.get('Architecture', '')}": f["Auto-Installed"] for f in fields if "Auto-Installed" in f}


def _sockets(seen):
    """{'tcp/0.0.0.0:22': 'sshd'}: who listens where; pids and descriptors change at every restart."""
    return {address: ",".join(sorted(set(re.findall(r'\("([^"]+)"', owner)))) for address, owner in seen}


def _colons(text):
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)


def read_allowed(path):
    """The written residue: one path or shell pattern a line, '#' for comments."""
    with open(path, encoding="utf-8") as lines:
        return [bare for bare in (line.split("#", 1)[0].strip() for line in lines) if bare]


def differences(before, after):
    """(part, name, what it was, what it is) for everything that differs; None for what is not there."""
    for part in sorted(before.keys() | after.keys()):
        old, new = before.get(part, {}), after.get(part, {})
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                yield part, name, old.get(name), new.get(name)


def is_allowed(part, name, allowed):
    return part == "manifest" and any(fnmatch.fnmatchcase(name, pattern) for pattern in allowed)


def compare(before, after, allowed=()):
    """(lines, same): one line a difference, the verdict last; `same` if nothing but the written residue differs."""
    lines, listed, others = [], 0, 0
    for part, name, old, new in differences(before, after):
        known = is_allowed(part, name, allowed)
        listed, others = listed + known, others + (not known)
        word = "listed" if known else "DIFFERENT"
        if old is None:
            lines.append(f"{word} {part} + {name} {new}")
        elif new is None:
            lines.append(f"{word} {part} - {name} {old}")
        else:
            lines.append(f"{word} {part} ~ {name}\n    was {old}\n    is  {new}")
    verdict = "IDENTICAL"
    if others:
        verdict = f"DIFFERENT: {others} differences, and {listed} that the list allows"
    elif listed:
        verdict = f"IDENTICAL-EXCEPT: {listed} paths of the list"
    return lines + [verdict], not others
