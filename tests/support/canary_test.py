"""The searches for secrets find what is there, and fail rather than find nothing when they are broken."""
import base64
import os
import pathlib
import subprocess
import tempfile
import time
import unittest
import urllib.parse
from unittest import mock

import canary

# Never written out here: this file may lie where the search looks.
SECRET = "cana" + "ry: a/long+secret" + str(os.getpid())


class FakeLab:
    """A lab whose host answers the search with these lines."""

    def __init__(self, folder, answer=lambda name: ""):
        self.folder, self.answer = pathlib.Path(folder), answer
        for part in "usr/share", "var/log":
            (self.folder / part).mkdir(parents=True)

    def root(self, host):
        return self.folder

    def on(self, host, *command):
        return self.answer(command[-1]) if canary.SEARCH in command else ""


def everywhere(name):
    return f"/usr/share/wright-planted\n/var/log/wright-planted\nMESSAGE={name}\n/proc/17/cmdline\n"


class OnHost(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name

    def test_what_finds_nothing_hidden_is_broken(self):
        for line in everywhere("").split():
            with self.subTest(missed=line), tempfile.TemporaryDirectory() as folder:
                def answer(name):
                    return "\n".join(one for one in everywhere(name).split() if not one.startswith(line))

                with self.assertRaisesRegex(AssertionError, "does not find what was hidden in "):
                    canary.on_host(FakeLab(folder, answer), "host1", [SECRET])

    def test_only_what_is_found_then_counts(self):
        lab = FakeLab(self.folder, lambda name: everywhere(name) if name.startswith("planted-") else "/etc/leak\n")
        self.assertEqual(canary.on_host(lab, "host1", [SECRET]), ["/etc/leak"])
        self.assertEqual([path for path in lab.folder.rglob("*") if path.is_file()], [])

    def test_the_script_tells_an_error_from_nothing_found(self):
        """With stand-ins for what it calls: a journal that cannot be read, a grep that is killed."""
        harmless = "find() { :; }; journalctl() { :; }; grep() { return 1; };"
        for broken, code in (("", 0), ("journalctl() { return 1; };", 9), ("grep() { return 137; };", 9), ("xargs() { return 126; };", 9)):
            ended = subprocess.run(["/bin/bash", "-c", harmless + broken + canary.SEARCH], stdin=subprocess.DEVNULL, capture_output=True).returncode
            self.assertEqual(ended, code, broken)


class OnController(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.since = self.folder / "begun"
        self.since.touch()
        # Besides the machine's own, into which others write.
        for name in "temporary", "home", "place":
            (self.folder / name).mkdir()
        for target, value in (("tempfile.gettempdir", str(self.folder / "temporary")), ("pathlib.Path.home", self.folder / "home")):
            patched = mock.patch(target, return_value=value)
            patched.start()
            self.addCleanup(patched.stop)

    def search(self):
        found = canary.on_controller([SECRET], [self.folder / "place"], self.since)
        return sorted(pathlib.Path(path).name for path in found if path.startswith(str(self.folder)))

    def test_what_is_there_is_found(self):
        self.assertEqual(self.search(), [])
        written = {"plain": SECRET, "quoted": urllib.parse.quote(SECRET, safe=""),
                   **{f"base64-{shift}": base64.b64encode(b"x" * shift + SECRET.encode() + b", and more").decode() for shift in range(3)}}
        for place in "temporary", "home", "place":
            for name, text in written.items():
                (self.folder / place / f"{place}-{name}").write_text(f"<{text}>")
        self.assertEqual(self.search(), sorted(f"{place}-{name}" for place in ("temporary", "home", "place") for name in written))

    def test_a_search_without_its_program_fails(self):
        with mock.patch.dict(os.environ, {"PATH": str(self.folder)}), self.assertRaises((AssertionError, OSError)):
            self.search()

    def test_a_search_that_gives_nothing_fails(self):
        with mock.patch("canary.run_fine", return_value=b""), self.assertRaisesRegex(AssertionError, "does not find what was hidden"):
            self.search()

    def test_a_place_that_is_not_there_is_no_clean_place(self):
        (self.folder / "place").rmdir()
        with self.assertRaises(OSError):
            self.search()


class Watching(unittest.TestCase):
    def test_an_argument_is_seen_and_its_program_named(self):
        with canary.Watch([SECRET]) as watch:
            with subprocess.Popen(["/bin/sh", "-c", "read line", SECRET], stdin=subprocess.PIPE):
                time.sleep(0.3)
        self.assertIn(("argv", "/bin/sh", os.getuid(), SECRET[:3] + "..."), watch.found())
        self.assertNotIn(SECRET, str(watch.found()))

    def test_nothing_is_seen_where_nothing_is(self):
        with canary.Watch([SECRET]) as watch:
            pass
        self.assertEqual(watch.found(), [])

    def test_a_watch_that_breaks_off_fails(self):
        with self.assertRaisesRegex(AssertionError, "broke off"), canary.Watch([SECRET]) as watch:
            watch.patterns = None
            time.sleep(0.2)

    def test_a_blind_watch_fails(self):
        with self.assertRaisesRegex(AssertionError, "argv and environment"), mock.patch.object(canary.Watch, "_look_at"), canary.Watch([SECRET]):
            time.sleep(0.1)

    def test_a_watch_that_looks_too_seldom_fails(self):
        with self.assertRaisesRegex(AssertionError, r"only \d+ times"), mock.patch("canary.SLOWEST_LOOK_S", 0.01), canary.Watch([SECRET]) as watch:
            watch._stop.set()
            time.sleep(0.2)

    def test_what_goes_wrong_in_the_block_is_told_first(self):
        with self.assertRaises(ZeroDivisionError), mock.patch.object(canary.Watch, "_look_at"), canary.Watch([SECRET]):
            raise ZeroDivisionError


if __name__ == "__main__":
    unittest.main()
