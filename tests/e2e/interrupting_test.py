"""What comes in the middle of an apply on a real host: signals, an output that nobody reads any more, and another wright.

The start of memcached is held up by the host until the test lets go: by then its package is unpacked and its files are written."""
import json
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402
from victims import await_end_of, processes_in  # noqa: E402
from waiting import wait_until  # noqa: E402

HELD = '[Service]\nExecStartPre=+/bin/sh -c "while test -e /srv/hold; do touch /srv/held; sleep 0.1; done"\n'
UNDOING = "interrupted: the hosts undo what was begun; once more to leave at once"
NOTHING = "0 to create, 0 to change, 0 to remove"


class Interrupting(HostCase):
    @classmethod
    def prepare(cls):
        held = cls.root / "etc/systemd/system/memcached.service.d/held.conf"
        held.parent.mkdir()
        held.write_text(HELD)

    @classmethod
    def components(cls):
        return "[components.memcached]\nmemory_mb = 64\n"

    def setUp(self):
        # Not below /run, which the host has from within only.
        self.hold, self.held = self.root / "srv/hold", self.root / "srv/held"
        self.addCleanup(self.let_go)

    def let_go(self):
        self.hold.unlink(missing_ok=True)
        self.held.unlink(missing_ok=True)

    def start(self, *words, **options):
        running = self.site.start(*words, **options)
        self.addCleanup(running.stdout.close)
        self.addCleanup(running.kill)
        return running

    def start_held(self, **options):
        """An apply that has changed the host and waits."""
        self.hold.touch()
        running = self.start("apply", "--yes", **options)
        wait_until(lambda: self.held.exists() or running.poll() is not None, 60)
        self.assertIsNone(running.poll(), "it ended before anything was held")
        self.assertIn("-m 64", (self.root / "etc/memcached.conf").read_text())
        return running

    def newest(self):
        """State of the newest transaction."""
        return next(e for e in self.site.events("history", "--count", "1") if e["type"] == "history")["transactions"][0]["state"]

    def assert_undone(self, name):
        await_end_of(self.root, "wright-agent", 60)
        self.let_go()
        self.assert_unchanged(self.before, name)
        self.assertEqual(self.newest(), "rolled_back")

    def assert_applied(self):
        self.assertEqual(self.newest(), "committed")
        self.assertEqual(self.lab.on("host1", "systemctl", "is-active", "memcached").strip(), "active")
        self.site.run("verify")
        self.site.run("plan", "--detailed-exitcode")

    def take_back(self):
        self.site.run("rollback", "--yes")
        self.assert_unchanged(self.before, "taken-back")

    def test_1_a_signal_undoes_what_was_begun(self):
        for number in signal.SIGINT, signal.SIGTERM:
            with self.subTest(signal=number.name):
                running = self.start_held()
                running.send_signal(number)
                out, _ = running.communicate(timeout=60)
                self.assertEqual(running.returncode, 130, out)
                self.assertIn(UNDOING, out)
                self.assertRegex(out, r"web\b.*rolled back")
                self.assert_undone(number.name)

    def test_2_the_second_signal_leaves_at_once_and_the_host_undoes_it_alone(self):
        for second in signal.SIGINT, signal.SIGHUP:
            with self.subTest(second=second.name):
                running = self.start_held()
                running.send_signal(signal.SIGINT)
                while UNDOING not in (line := running.stdout.readline()):
                    self.assertTrue(line, "it ended without a word")
                running.send_signal(second)
                running.wait(timeout=5)
                self.assertIn(running.returncode, (-second, 128 + second))
                self.assertNotEqual(processes_in(self.root, "wright-agent"), [], "nothing was left to undo: the second signal shows nothing")
                self.assert_undone(f"second-{second.name}")

    def test_3_an_output_that_nobody_reads_any_more_ends_nothing(self):
        piped = subprocess.run(["/bin/bash", "-c", '"$@" 2>&1 | head -n 1; exit ${PIPESTATUS[0]}', "bash", *self.site.command("apply", "--yes")],
                               cwd=self.site.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        self.assertEqual(piped.returncode, 0, piped.stderr)
        self.assertEqual(len(piped.stdout.splitlines()), 1)
        self.assert_applied()
        self.take_back()

    def test_4_another_wright_is_told_who_holds_the_host(self):
        first = self.start_held()
        agent = json.loads((self.root / "var/lib/wright/lock").read_text())["pid"]
        for command in ("apply", "--yes"), ("rollback", "--yes"), ("apply", "--yes", "--lock-timeout", "1"):
            begun = time.monotonic()
            self.site.run(*command, expect=7)
            self.assertRegex(self.site.errors, rf"the host is locked by \S+@\S+ since \S+ \(run \S+, pid {agent} on the host\)")
            self.assertIn("--lock-timeout", self.site.errors)
            if "1" in command:
                self.assertGreaterEqual(time.monotonic() - begun, 1)
        self.assertEqual(self.newest(), "open")

        waiting = self.start("apply", "--yes", "--lock-timeout", "120")
        interrupted = self.start("apply", "--yes", "--lock-timeout", "120")
        time.sleep(2)
        self.assertEqual([first.poll(), waiting.poll(), interrupted.poll()], [None] * 3)
        interrupted.send_signal(signal.SIGINT)
        out, _ = interrupted.communicate(timeout=10)
        self.assertEqual(interrupted.returncode, 130, out)
        self.assertIn("interrupted; no host is being changed", out)

        self.let_go()
        out, _ = first.communicate(timeout=60)
        self.assertEqual(first.returncode, 0, out)
        out, _ = waiting.communicate(timeout=60)
        self.assertEqual(waiting.returncode, 0, out)
        self.assertIn(NOTHING, out)
        self.assert_applied()
        self.take_back()


if __name__ == "__main__":
    unittest.main(verbosity=2)
