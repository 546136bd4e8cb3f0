"""kill -9 of the controller, of the agent and of apt-get at points swept over an apply: the next apply or rollback reaches
the same state as an uninterrupted run, or the state before. WRIGHT_KILL_POINTS sets how many points each (2 by default; 20
before a release); the way out alternates between apply and rollback."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from wrightrun import MINIMAL, Lab, Site  # noqa: E402

POINTS = int(os.environ.get("WRIGHT_KILL_POINTS", "2"))


def processes_in(root, name):
    """Pids, as this machine sees them, of programs of that name whose root is the host's."""
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if pathlib.Path(words[0].decode()).name == name and os.path.samefile(folder / "root", root):
                found.append(int(folder.name))
        except (OSError, IndexError, UnicodeDecodeError):
            continue  # it ended while we looked
    return found


def let_the_agent_end(lab, test):
    """Without its controller the agent rolls back by itself; it must come to an end."""
    root = lab.root("host1")
    deadline = time.monotonic() + 180
    while processes_in(root, "wright-agent"):
        test.assertLess(time.monotonic(), deadline, "the agent did not end")
        time.sleep(0.1)


class Killed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.scratch = tempfile.TemporaryDirectory(prefix="wright-crash-")
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.site = Site(cls.lab, MINIMAL)
        cls.lab("reset", "host1")
        cls.before = cls.lab.snapshot("host1", cls.folder / "before.json")
        start = time.monotonic()
        cls.site.run("apply", "--yes")
        cls.seconds = time.monotonic() - start
        cls.applied = cls.lab.snapshot("host1", cls.folder / "applied.json")

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__()
        cls.scratch.cleanup()

    def kill_during_apply(self, point, victims):
        """Starts an apply on a fresh host and kills what victims() finds at the point; true when something was killed."""
        self.lab("reset", "host1")
        running = self.site.start("apply", "--yes")
        deadline = time.monotonic() + self.seconds * (point + 0.5) / POINTS
        while time.monotonic() < deadline and running.poll() is None:
            time.sleep(0.01)
        killed = victims(running)
        for pid in killed:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        running.communicate(timeout=300)
        return bool(killed)

    def come_back(self, victims):
        hit = 0
        for point in range(POINTS):
            way = ("apply", "rollback")[point % 2]
            with self.subTest(point=point, way=way):
                hit += self.kill_during_apply(point, victims)
                let_the_agent_end(self.lab, self)
                if way == "apply":
                    self.site.run("apply", "--yes")
                    self.site.run("verify")
                    self.site.run("plan", "--detailed-exitcode")
                    continue
                self.site.run("rollback", "--yes", expect=None)
                self.assertIn(self.site.code, (0, 1), self.site.errors)
                after = self.lab.snapshot("host1", self.folder / "after.json")
                self.assertEqual(self.lab.differences(self.before, after), "")
        self.assertGreater(hit, 0, "nothing was ever killed: the sweep proves nothing")

    def test_controller(self):
        self.come_back(lambda running: [running.pid] if running.poll() is None else [])

    def test_agent(self):
        root = self.lab.root("host1")
        self.come_back(lambda running: processes_in(root, "wright-agent"))

    def test_apt(self):
        root = self.lab.root("host1")
        self.come_back(lambda running: processes_in(root, "apt-get") + processes_in(root, "dpkg"))


class LinkCut(unittest.TestCase):
    def test_a_cut_link_ends_in_a_rollback(self):
        lab = Lab()
        lab("reset", "host1")
        with tempfile.TemporaryDirectory(prefix="wright-cut-") as scratch, Site(lab, MINIMAL) as site:
            before = lab.snapshot("host1", pathlib.Path(scratch) / "before.json")
            running = site.start("apply", "--yes")
            root = lab.root("host1")
            deadline = time.monotonic() + 60
            while not processes_in(root, "dpkg"):
                self.assertLess(time.monotonic(), deadline, "dpkg never ran")
                time.sleep(0.02)
            lab("cut", "host1")
            try:
                running.communicate(timeout=120)
                self.assertEqual(running.returncode, 4)
            finally:
                lab("mend", "host1")
            let_the_agent_end(lab, self)
            site.run("rollback", "--yes", expect=None, timeout=300)
            self.assertIn(site.code, (0, 1), site.errors)
            after = lab.snapshot("host1", pathlib.Path(scratch) / "after.json")
            self.assertEqual(lab.differences(before, after), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
