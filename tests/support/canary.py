"""Where secrets can be read by others: in files, logs and journals, and in what /proc shows of processes while something happens.

A search that is broken finds nothing, as one of a clean host does. So each one hides something where it looks, and fails unless it
finds that."""
import base64
import contextlib
import os
import pathlib
import secrets
import subprocess
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Larger ones are what others build meanwhile.
LARGEST_KIB = 4096
# A watch that needs more for one look at all processes sees too few of them.
SLOWEST_LOOK_S = 2


def forms_of(value):
    """The value as it may be written: as it is, quoted for a URL, and in base64 wherever it begins in what is encoded."""
    raw = value.encode()
    forms = {value, urllib.parse.quote(value, safe="")}
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw).decode()
        # Its ends depend on what stands around it.
        forms.add(coded[(before * 8 + 5) // 6:(before + len(raw)) * 8 // 6])
    return forms


def forms_of_all(values):
    return sorted(set().union(*(forms_of(value) for value in values)))


class Watch:
    """Looks at every process's command line over and over, on this machine and so on the lab's hosts, while the block runs; and at
    the environment of those of other accounts than root.

    A process of its own has a word in both: the block fails when that was not seen, or the looks ended early or came too seldom."""

    def __init__(self, values):
        self.patterns = [form.encode() for form in forms_of_all(values)]
        self.seen, self.passes = set(), 0
        self._word, self._word_seen = b"planted-" + secrets.token_hex(8).encode(), set()
        self._stop, self._broke = threading.Event(), None
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        other = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
        self._planted = subprocess.Popen(["/bin/sh", "-c", "read line", self._word], env={"PLANTED": self._word.decode()}, stdin=subprocess.PIPE,
                                         cwd="/", **other)
        self._begun = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, kind, *_):
        self._stop.set()
        self._thread.join()
        self._planted.communicate()
        if kind is None:
            self._prove(time.monotonic() - self._begun)

    def _prove(self, seconds):
        if self._broke:
            raise AssertionError("the watch broke off") from self._broke
        if self.passes * SLOWEST_LOOK_S < seconds:
            raise AssertionError(f"the watch looked only {self.passes} times in {seconds:.0f} s")
        if missed := {"argv", "environment"} - self._word_seen:
            raise AssertionError(f"the watch did not see its own process's {' and '.join(sorted(missed))}")

    def _look(self):
        try:
            while True:
                ends = self._stop.is_set()  # one more look, also at what was there for a moment only
                for pid in os.listdir("/proc"):
                    if pid.isdigit() and int(pid) != os.getpid():
                        self._look_at(pid)
                self.passes += 1
                if ends:
                    return
                time.sleep(0.002)
        except BaseException as error:
            self._broke = error

    def _look_at(self, pid):
        try:
            line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            user = os.stat(f"/proc/{pid}").st_uid
            self._tell("argv", line, line, user)
            if user != 0:
                self._tell("environment", pathlib.Path(f"/proc/{pid}/environ").read_bytes(), line, user)
        except OSError:
            pass  # it has ended

    def _tell(self, where, text, line, user):
        if self._word in text:
            self._word_seen.add(where)
        for pattern in self.patterns:
            if pattern in text:
                # The name of the program, not what it was told.
                self.seen.add((where, line.split(b"\0")[0].decode(errors="replace"), user, pattern[:3].decode() + "..."))

    def found(self):
        """Where ("argv" or "environment"), program, number of its user, how the secret begins."""
        return sorted(self.seen)


def readable(text):
    return [line for line in text.splitlines() if line.strip()]


# What ends or goes while it is looked at is no error: grep says 2 then, find 1, and xargs 123. Its name ($0) is for on_host to choose.
SEARCH = """set -o pipefail
fine() { case $? in 0|1|2|123) ;; *) exit 9 ;; esac; }
for tree in / /run /tmp /dev/shm; do find $tree -xdev -type f -perm -004 -print0; done 2>/dev/null | xargs -0 -r grep -lsaF -f /secrets; fine
grep -rlsaF -f /secrets /var/log; fine
journalctl -q -o export | grep -aF -f /secrets; [ ${PIPESTATUS[0]} = 0 ] || exit 9
grep -lsaF -f /secrets /var/lib/wright/state.db /proc/[0-9]*/cmdline; fine
"""


def search(lab, host, values, name):
    """What SEARCH, called so, finds of the values."""
    patterns = lab.root(host) / "secrets"
    patterns.touch(0o600)
    patterns.write_text("\n".join(forms_of_all(values)) + "\n")
    try:
        return readable(lab.on(host, "/bin/bash", "-c", SEARCH, name))
    finally:
        patterns.unlink()


def prove_search(lab, host):
    """Hides a word in each kind of place, and demands that the search finds it there."""
    word = "planted-" + secrets.token_hex(8)
    files = {"/usr/share/wright-planted": 0o644, "/var/log/wright-planted": 0o600}
    try:
        for path, mode in files.items():
            file = lab.root(host) / path.lstrip("/")
            file.touch(mode)
            file.chmod(mode)
            file.write_text(f"a {word}\n")
        lab.on(host, "/bin/bash", "-c", 'echo "$0" | systemd-cat && journalctl --sync', word)
        found = search(lab, host, [word], word)
    finally:
        for path in files:
            (lab.root(host) / path.lstrip("/")).unlink(missing_ok=True)
    kinds = {**{path: path in found for path in files}, "the journal": f"MESSAGE={word}" in found,
             "a command line": any(line.startswith("/proc/") for line in found)}
    if missed := [kind for kind, seen in kinds.items() if not seen]:
        raise AssertionError(f"the search on {host} does not find what was hidden in {', '.join(missed)}; it found {found}")


def on_host(lab, host, values):
    """Files of a host that others than their owner may read, its logs, journals and command lines."""
    prove_search(lab, host)
    return search(lab, host, values, "search")


def on_controller(values, places, since):
    """Files below the places, and files of this machine's temporary and home directories that are newer than the file `since`."""
    word = "planted-" + secrets.token_hex(8)
    temporary = sorted({"/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir(), str(pathlib.Path.home())})
    with contextlib.ExitStack() as stack:
        patterns = stack.enter_context(tempfile.TemporaryFile("w+"))
        patterns.write("\n".join(forms_of_all([*values, word])) + "\n")
        patterns.flush()
        planted = [stack.enter_context(tempfile.NamedTemporaryFile("w", dir=folder, prefix="wright-planted-")) for folder in (*places, *temporary)]
        for file in planted:
            file.write(word)
            file.flush()
        grep = ["grep", "-lsaF", "-f", f"/proc/self/fd/{patterns.fileno()}"]

        def having(*find):
            # Their codes for what goes meanwhile, as on the host.
            files = run_fine(["find", *map(str, find), "-type", "f", "-print0"], (0, 1))
            patterns.seek(0)
            return run_fine(["xargs", "-0", "-r", *grep], (0, 1, 123), input=files, pass_fds=[patterns.fileno()]).decode()

        found = having(*places)
        found += having(*temporary, "-xdev", "-newer", since, "-size", f"-{LARGEST_KIB}k", "-not", "-path", f"{ROOT}/*")
    lines, hidden = set(readable(found)), {file.name for file in planted}
    if missed := hidden - lines:
        raise AssertionError(f"the search on this machine does not find what was hidden in {', '.join(sorted(missed))}")
    return sorted(lines - hidden)


def run_fine(command, codes, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **({} if "input" in options else {"stdin": subprocess.DEVNULL}), **options)
    if done.returncode not in codes:
        raise AssertionError(f"{command[0]} ends with {done.returncode}")
    return done.stdout
