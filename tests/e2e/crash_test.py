"""kill -9 of the controller, of the agent and of apt-get at points swept over their own lifetimes: the next apply or rollback
reaches the same state as an uninterrupted run, or the state before. WRIGHT_KILL_POINTS sets how many points each, 2 by
default; before a release, with hosts of a lab of its own as ctest would end so long a test:

    tests/lab/lab up 1 --name kill
    WRIGHT_LAB=kill WRIGHT_KILL_POINTS=20 python3 -B tests/e2e/crash_test.py
    tests/lab/lab down --name kill

The way out alternates between apply and rollback."""
import fnmatch
import json
import os
import pathlib
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from victims import await_age, await_end_of, kill, lifetimes, processes_in  # noqa: E402
from wrightrun import MINIMAL, Lab, Site  # noqa: E402

POINTS = int(os.environ.get("WRIGHT_KILL_POINTS", "2"))
TRIES = 5  # of a point; a victim may end sooner than in the run that was measured
# Whose content is another each time: the key and the certificate that are made on the host, and who asked nginx when.
EACH_TIME = ("/etc/nginx/tls/*", "/var/log/nginx/*.log")


def newest_state(site):
    """Of the newest transaction on the host, as its journal has it; none when there is none."""
    (told,) = [event for event in site.events("history", "--count", "1") if event["type"] == "history"]
    return told["transactions"][0]["state"] if told["transactions"] else None


class Killed(unittest.TestCase):
    maxDiff = None  # every path that differs

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.scratch = tempfile.TemporaryDirectory(prefix="wright-crash-")
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.site = Site(cls.lab, MINIMAL)
        cls.lab("reset", "host1")
        cls.before = cls.lab.snapshot("host1", cls.folder / "before.json")
        root = cls.lab.root("host1")
        cls.find = {"controller": lambda running: [running.pid],
                    "agent": lambda _: processes_in(root, "wright-agent"),
                    "apt-get": lambda _: processes_in(root, "apt-get")}
        running = cls.site.start("apply", "--yes")
        cls.seconds = lifetimes(running, cls.find)
        out, _ = running.communicate(timeout=60)
        assert running.returncode == 0, out
        cls.applied = cls.lab.snapshot("host1", cls.folder / "applied.json")

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__()
        cls.scratch.cleanup()

    def after(self):
        return self.lab.snapshot("host1", self.folder / "after.json")

    def assert_before(self, after):
        self.assertEqual(self.lab.differences(self.before, after), "")

    def assert_applied(self, after):
        """As after the uninterrupted run, apart from the content of what is another each time."""
        self.assertEqual(self.lab.differences(self.applied, after, busy=EACH_TIME), "")

        def but_for_content(path):
            manifest = json.loads(path.read_text())["manifest"]
            return {name: line.split()[:3] for name, line in manifest.items() for pattern in EACH_TIME if fnmatch.fnmatchcase(name, pattern)}

        self.assertIn("/etc/nginx/tls/minimal.key", but_for_content(self.applied))
        self.assertEqual(but_for_content(self.applied), but_for_content(after))

    def kill_during_apply(self, victim, seconds):
        """Starts an apply on a fresh host and kills the victims once they lived so long; how many were killed."""
        self.lab("reset", "host1")
        running = self.site.start("apply", "--yes")
        killed = kill(await_age(running, self.find[victim], seconds))
        running.communicate(timeout=300)
        await_end_of(self.lab.root("host1"), "wright-agent")
        return killed

    def come_back(self, victim, look_at_end=lambda: None):
        self.assertGreater(self.seconds[victim], 0, "it was never seen: the sweep would prove nothing")
        hits = 0
        for point in range(POINTS):
            way = ("apply", "rollback")[point % 2]
            with self.subTest(point=point, way=way):
                moment = self.seconds[victim] * (point + 0.5) / POINTS
                for _ in range(TRIES):
                    if self.kill_during_apply(victim, moment):
                        hits += 1
                        break
                    moment *= 0.8
                look_at_end()
                self.site.run(way, "--yes")
                if way == "rollback":
                    self.assert_before(self.after())
                    continue
                self.site.run("verify")
                self.site.run("plan", "--detailed-exitcode")
                self.assert_applied(self.after())
        self.assertEqual(hits, POINTS, "not every point killed something")

    def test_controller(self):
        # The agent brings it to an end by itself; nothing but a commit that was under way may stand.
        def look_at_end():
            ended = self.after()
            if newest_state(self.site) == "committed":
                self.assert_applied(ended)
            else:
                self.assert_before(ended)

        self.come_back("controller", look_at_end)

    def test_agent(self):
        self.come_back("agent")

    def test_apt(self):
        self.come_back("apt-get")


class LinkCut(unittest.TestCase):
    def test_a_cut_link_ends_in_a_rollback_by_the_agent(self):
        lab = Lab()
        lab("reset", "host1")
        with tempfile.TemporaryDirectory(prefix="wright-cut-") as scratch, Site(lab, MINIMAL) as site:
            before = lab.snapshot("host1", pathlib.Path(scratch) / "before.json")
            running = site.start("apply", "--yes")
            root = lab.root("host1")
            deadline = time.monotonic() + 60
            # While it plans, apt asks another dpkg which architectures there are.
            while not processes_in(root, "dpkg", "--unpack"):
                self.assertLess(time.monotonic(), deadline, "dpkg never ran")
                time.sleep(0.02)
            lab("cut", "host1")
            try:
                running.communicate(timeout=120)
                self.assertEqual(running.returncode, 4)
                await_end_of(root, "wright-agent")
            finally:
                lab("mend", "host1")
            # Nobody has spoken with the host since.
            after = lab.snapshot("host1", pathlib.Path(scratch) / "after.json")
            self.assertEqual(lab.differences(before, after), "")
            self.assertEqual(newest_state(site), "rolled_back")


if __name__ == "__main__":
    unittest.main(verbosity=2)
