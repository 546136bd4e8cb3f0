"""What a container cannot show: swap, a clock that is set, a real reboot, and a power cut that takes what was not synced.

The host is a machine of its own under qemu (`tests/lab/lab up 1 --machine`). Where the processor cannot run another kernel this is skipped;
emulated, slowly: WRIGHT_MACHINE=emulated tests/run --filter e2e.machine"""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1] / "support"), str(HERE.parents[1] / "lab")]
from hostlab.accelerator import without_kvm  # noqa: E402
from pages import page  # noqa: E402
from time_server import time_server  # noqa: E402
from wrightrun import LAB, LAB_TOOL, MINIMAL, Lab, Site  # noqa: E402

SKIPPED = 77
# Of a machine that runs: what boots, the clock and timers write, and the key and the certificate that are another each time.
BUSY = ("/var/lib/systemd/*", "/var/lib/chrony/*", "/etc/nginx/tls/*", "/var/log/*", "/run/*", "/var/cache/*")
BASE = '''
[components.base]
timezone = "Europe/Berlin"
locales = ["de_DE.UTF-8"]
time_sync = "timesyncd"
time_servers = ["GATE"]
swap_mb = 64
swap_files = [{ path = "/var/swap", size_mb = 32, priority = 7 }]
sysctl = { "vm.swappiness" = "11" }

[components.base.firewall]
enabled = true
allow = [{ ports = [80, 443] }]
'''
PAGE = 4096  # of each swap file, the first is its header
lab = Lab(f"{LAB}-machine")


class PatientSite(Site):
    """An emulated processor on a busy machine needs a quarter of an hour for what a real one does in half a minute."""

    def run(self, *words, expect=0, timeout=1200):
        return super().run(*words, expect=expect, timeout=timeout)


def setUpModule():
    unittest.addModuleCleanup(lab, "down", check=False)
    lab("up", "1", "--machine", timeout=900)


class MachineCase(unittest.TestCase):
    maxDiff = None  # every path that differs

    @classmethod
    def setUpClass(cls):
        lab("reset", "host1")
        scratch = tempfile.TemporaryDirectory(prefix="wright-machine-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.gate = next(one["gateway"] for one in json.loads(lab("list", "--json")) if one["name"] == lab.name)
        cls.before = cls.snapshot("before")
        cls.with_timesyncd = BASE.replace("GATE", cls.gate) + MINIMAL
        cls.site = PatientSite(lab, cls.with_timesyncd)
        cls.addClassCleanup(cls.site.__exit__)

    @classmethod
    def snapshot(cls, name):
        return lab.snapshot("host1", cls.folder / f"{name}.json")

    def assert_same(self, since, name):
        self.assertEqual(lab.differences(since, self.snapshot(name), busy=BUSY), "")

    def assert_as_wanted(self):
        self.site.run("verify")
        self.assertIn("0 to create, 0 to change", self.site.run("plan", "--detailed-exitcode"))
        self.assertIn("It works", page(lab.address("host1")))
        self.assertEqual(self.swap(), {"/swapfile.64m": (64 << 20) - PAGE, "/var/swap.32m": (32 << 20) - PAGE})

    def swap(self):
        words = lab.on("host1", "swapon", "--show=NAME,SIZE", "--bytes", "--noheadings").split()
        return dict(zip(words[::2], map(int, words[1::2])))

    def state_of(self, unit):
        return lab.on("host1", "systemctl", "show", "--property=ActiveState", "--value", unit).strip()


class Deployed(MachineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asked_by = cls.enterClassContext(time_server(cls.gate))

    def seconds_off(self):
        return abs(float(lab.on("host1", "date", "+%s.%N")) - time.time())

    def test_1_apply_swaps_and_sets_the_clock(self):
        lab.on("host1", "date", "--set", "+400 seconds")
        self.assertGreater(self.seconds_off(), 300)
        self.site.run("apply", "--yes")
        self.assert_as_wanted()
        self.assertLess(self.seconds_off(), 10)
        self.assertIn(lab.address("host1"), self.asked_by)
        self.assertEqual(lab.on("host1", "date", "-d", "@1751364000", "+%H:%M %Z").strip(), "12:00 CEST")
        self.assertEqual(lab.on("host1", "cat", "/proc/sys/vm/swappiness").strip(), "11")
        self.assertRegex(lab.on("host1", "swapon", "--show=NAME,PRIO", "--noheadings"), r"/var/swap.32m +7\n")
        self.assertEqual(lab.on("host1", "stat", "-c", "%a", "/swapfile.64m", "/var/swap.32m").split(), ["600", "600"])
        with self.assertRaises(socket.timeout):
            socket.create_connection((lab.address("host1"), 7002), timeout=2)

    def test_2_second_apply_changes_nothing(self):
        self.assertIn("0 to create, 0 to change", self.site.run("apply", "--yes"))

    def test_3_all_is_back_after_a_reboot(self):
        boot = lab.on("host1", "cat", "/proc/sys/kernel/random/boot_id")
        lab.on("host1", "systemctl", "reboot", check=False)
        deadline = time.monotonic() + 180
        while lab("exec", "host1", "--", "cat", "/proc/sys/kernel/random/boot_id", check=False) in ("", boot):
            self.assertLess(time.monotonic(), deadline, "it does not come back")
            time.sleep(1)
        lab("boot", "host1")
        self.assert_as_wanted()
        self.assertEqual(lab.on("host1", "timedatectl", "show", "--property=NTPSynchronized", "--value").strip(), "yes")
        self.assertEqual(lab.on("host1", "cat", "/proc/sys/vm/swappiness").strip(), "11")
        with self.assertRaises(socket.timeout):
            socket.create_connection((lab.address("host1"), 7002), timeout=2)
        type(self).rebooted = self.snapshot("rebooted")

    def test_4_chrony_takes_over(self):
        # Here the clock cannot be put off before: timesyncd sees that and sets it at once.
        self.site.write(self.with_timesyncd.replace('"timesyncd"', '"chrony"'))
        self.site.run("apply", "--yes")
        self.assert_as_wanted()
        self.assertLess(self.seconds_off(), 10)
        self.assertIn(f"^* {self.gate} ", lab.on("host1", "chronyc", "-n", "sources"))
        self.assertEqual((self.state_of("chrony"), self.state_of("systemd-timesyncd")), ("active", "inactive"))

    def test_5_rollback_gives_timesyncd_back(self):
        self.site.run("rollback", "--yes")
        self.assertEqual((self.state_of("chrony"), self.state_of("systemd-timesyncd")), ("inactive", "active"))
        self.assert_same(self.rebooted, "without_chrony")
        self.site.write(self.with_timesyncd)
        self.assert_as_wanted()

    def test_6_rollback_leaves_no_trace(self):
        self.site.run("rollback", "--yes")
        self.assertEqual(self.swap(), {})
        self.assertEqual(lab.on("host1", "cat", "/proc/sys/vm/swappiness").strip(), "60")
        self.assert_same(self.before, "after")


class PowerCut(MachineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nobody answers for the time here, and the swap file is enough of base.
        cls.site.write(BASE.replace('time_sync = "timesyncd"\ntime_servers = ["GATE"]\n', "") + MINIMAL)

    def cut_when(self, seen):
        """Applies until `seen` is true of an event, pulls the plug, and boots."""
        running = self.site.start("apply", "--yes", "--json")
        lines, hit = [], False
        while not hit and (line := running.stdout.readline()):
            lines.append(line)
            hit = line.startswith("{") and seen(json.loads(line))
        lab("power-cut", "host1")
        running.kill()
        running.communicate()
        lab("boot", "host1")
        self.assertTrue(hit, "the moment never came:\n" + "".join(lines[-20:]))

    def cut_while_unpacking(self):
        running = self.site.start("apply", "--yes")
        words = [LAB_TOOL, "exec", "host1", "--name", lab.name, "--", "timeout", "900", "tail", "-n0", "-F", "/var/log/dpkg.log"]
        with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as log:
            hit = any("status half-installed nginx" in line for line in log.stdout)
            lab("power-cut", "host1")
            log.kill()
        running.kill()
        running.communicate()
        lab("boot", "host1")
        self.assertTrue(hit, "dpkg never got so far")

    def roll_back(self, name):
        self.assertIn("was interrupted", self.site.run("plan"))
        self.site.run("rollback", "--yes")
        self.assertEqual(self.swap(), {})
        self.assertEqual(lab.on("host1", "dpkg", "--audit"), "")
        self.assert_same(self.before, name)

    def test_1_right_after_the_commit(self):
        """What was said to be done is there, also what programs wrote and did not sync, as localedef does."""
        self.site.run("apply", "--yes")
        lab("power-cut", "host1")
        lab("boot", "host1")
        self.assert_as_wanted()
        type(self).applied = self.snapshot("applied")
        self.site.run("rollback", "--yes")
        self.assert_same(self.before, "rolled_back")

    def test_2_while_packages_are_unpacked(self):
        self.cut_while_unpacking()
        self.roll_back("unpacked")

    def test_3_between_two_changes(self):
        self.cut_when(lambda event: event.get("event") == "step" and event["state"] == "done" and event["subject"].startswith("command:format of"))
        self.roll_back("changing")

    def test_4_before_the_commit(self):
        self.cut_when(lambda event: event.get("event") == "probe")
        self.site.run("apply", "--yes")
        self.assert_as_wanted()
        self.assert_same(self.applied, "applied_anew")


if __name__ == "__main__":
    why = without_kvm()
    if why and os.environ.get("WRIGHT_MACHINE") != "emulated":
        print(f"skipped: {why}; WRIGHT_MACHINE=emulated does without it, slowly")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
