"""Runs the real wright against a host of the lab, for end-to-end tests and benchmarks."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from json_lines import undocumented

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("WRIGHT_BUILD", ROOT / "build" / "dev"))
WRIGHT = BUILD / "bin" / "wright"
LAB_TOOL = os.environ.get("WRIGHT_LAB_TOOL", str(ROOT / "tests" / "lab" / "lab"))
LAB = os.environ.get("WRIGHT_LAB", "default")
RESIDUE = ROOT / "tests" / "lab" / "residue.txt"


class Lab:
    """One lab, by its command."""

    def __init__(self, name=LAB):
        self.name = name

    def __call__(self, *words, check=True, timeout=300):
        # The lab's own options come before "--", what a host runs comes after it.
        words = list(words)
        end = words.index("--") if "--" in words else len(words)
        words[end:end] = ["--name", self.name]
        done = subprocess.run([LAB_TOOL, *words], capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)
        if check and done.returncode != 0:
            raise AssertionError(f"lab {' '.join(words)}: exit {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout

    def on(self, host, *command, check=True):
        return self("exec", host, "--", *command, check=check)

    def address(self, host):
        return self("address", host).strip()

    def root(self, host):
        return pathlib.Path(self("root", host).strip())

    def snapshot(self, host, path):
        path.write_text(self("snapshot", host))
        return path

    def differences(self, before, after, busy=()):
        """What differs beyond the written list of system paths; empty when nothing does.

        `busy` are patterns of the files that servers write whenever they like while they run."""
        patterns = [word for pattern in busy for word in ("--busy", pattern)]
        done = subprocess.run([LAB_TOOL, "compare", str(before), str(after), "--allow", str(RESIDUE), *patterns],
                              capture_output=True, text=True, timeout=120)
        if done.returncode == 0:
            return ""
        # What the list allows would bury the rest.
        shown, told = True, []
        for line in done.stdout.splitlines():
            shown = not line.startswith("listed") if not line.startswith(" ") else shown
            told += [line] if shown else []
        return "\n".join(told) + done.stderr


class Site:
    """A folder with a site file whose hosts are the lab's, its pins and its state. Use as a context."""

    def __init__(self, lab, components, hosts=("host1=web",), name="test"):
        self.lab = lab
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wright-site-"))
        self.hosts = "".join(lab("site", host) + "\n" for host in hosts)
        self.name = name
        self.write(components)
        pins = lab("known-hosts").strip()
        shutil.copy(pins, self.folder / "known_hosts")

    def write(self, components):
        (self.folder / "site.toml").write_text(f'[site]\nname = "{self.name}"\n\n{self.hosts}\n{components}\n')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *words):
        return [str(WRIGHT), *words, "--site", str(self.folder / "site.toml")]

    def start(self, *words, **options):
        return subprocess.Popen(self.command(*words), cwd=self.folder, stdin=subprocess.DEVNULL, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)

    def run(self, *words, expect=0, timeout=400):
        """Runs wright and returns what it wrote to stdout; `expect` is its exit code, None for any."""
        done = subprocess.run(self.command(*words), cwd=self.folder, capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL)
        self.code, self.errors = done.returncode, done.stderr
        if expect is not None and done.returncode != expect:
            raise AssertionError(f"wright {' '.join(words)}: exit {done.returncode}, expected {expect}\n"
                                 f"--- stdout\n{done.stdout[-6000:]}\n--- stderr\n{done.stderr[-6000:]}")
        if "--json" in words and (wrong := undocumented(done.stdout)):
            raise AssertionError(f"wright {' '.join(words)}: " + "; ".join(wrong[:20]))
        return done.stdout

    def events(self, *words, expect=0):
        return [json.loads(line) for line in self.run(*words, "--json", expect=expect).splitlines() if line.strip()]


# The components of configs/minimal, whose host is the lab's here.
MINIMAL = "".join((ROOT / "configs/minimal/site.toml").read_text().partition("[components.memcached]")[1:])
