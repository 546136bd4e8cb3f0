"""Where secrets can be read by others: in files, logs and journals, and in what /proc shows of processes while something happens."""
import base64
import os
import pathlib
import subprocess
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Larger ones are what others build meanwhile.
LARGEST_KIB = 4096


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
    the environment of those of other accounts than root."""

    def __init__(self, values):
        self.patterns = [form.encode() for form in forms_of_all(values)]
        self.seen, self.passes = set(), 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _look(self):
        while not self._stop.is_set():
            for pid in os.listdir("/proc"):
                if pid.isdigit() and int(pid) != os.getpid():
                    self._look_at(pid)
            self.passes += 1
            time.sleep(0.002)

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
        for pattern in self.patterns:
            if pattern in text:
                # The name of the program, not what it was told.
                self.seen.add((where, line.split(b"\0")[0].decode(errors="replace"), user, pattern[:3].decode() + "..."))

    def found(self):
        """Where ("argv" or "environment"), program, number of its user, how the secret begins."""
        return sorted(self.seen)


def readable(text):
    return [line for line in text.splitlines() if line.strip()]


def on_host(lab, host, values):
    """Files of a host that others than their owner may read, its logs, journals and command lines."""
    patterns = lab.root(host) / "secrets"
    patterns.touch(0o600)
    patterns.write_text("\n".join(forms_of_all(values)) + "\n")
    try:
        return readable(lab.on(host, "/bin/sh", "-c",
                               "for tree in / /run /tmp /dev/shm; do find $tree -xdev -type f -perm -004 -print0; done | xargs -0 -r grep -lsaF -f /secrets;"
                               "grep -rlsaF -f /secrets /var/log; journalctl -q -o export | grep -aF -f /secrets;"
                               "grep -lsaF -f /secrets /var/lib/wright/state.db /proc/[0-9]*/cmdline", check=False))
    finally:
        patterns.unlink()


def on_controller(values, places, since):
    """Files below the places, and files of this machine's temporary and home directories that are newer than the file `since`."""
    with tempfile.TemporaryFile("w+") as patterns:
        patterns.write("\n".join(forms_of_all(values)) + "\n")
        patterns.flush()
        grep = ["grep", "-lsaF", "-f", f"/proc/self/fd/{patterns.fileno()}"]

        def having(*find):
            files = subprocess.run(["find", *map(str, find), "-type", "f", "-print0"], capture_output=True, stdin=subprocess.DEVNULL).stdout
            patterns.seek(0)
            return subprocess.run(["xargs", "-0", "-r", *grep], input=files, capture_output=True, pass_fds=[patterns.fileno()]).stdout.decode()

        found = having(*places)
        temporary = sorted({"/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir(), str(pathlib.Path.home())})
        found += having(*temporary, "-xdev", "-newer", since, "-size", f"-{LARGEST_KIB}k", "-not", "-path", f"{ROOT}/*")
    return sorted(set(readable(found)))
