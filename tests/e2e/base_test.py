"""The base system on a real host: what it sets up does its work, comes back after a hand edit, and goes without a trace."""
import pathlib
import socket
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from wrightrun import Lab, Site  # noqa: E402

BASE = '''
[components.base]
packages = ["htop"]
timezone = "Europe/Berlin"
locales = ["de_DE.UTF-8"]
default_locale = "de_DE.UTF-8"
time_sync = "timesyncd"
time_servers = ["ntp.example.org"]
sysctl = { "net.core.somaxconn" = "8192", "net.ipv4.tcp_rmem" = "4096 131072 4194304" }

[components.base.unattended_upgrades]
enabled = true
time = "03:15"

[components.base.firewall]
enabled = true
allow = [{ ports = [7001], comment = "open" }]
'''


class BaseSystem(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.lab("reset", "host1")
        cls.scratch = tempfile.TemporaryDirectory(prefix="wright-e2e-")
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.kernel_before = cls.kernel()
        cls.before = cls.lab.snapshot("host1", cls.folder / "before.json")
        cls.site = Site(cls.lab, BASE)

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__()
        cls.scratch.cleanup()

    @classmethod
    def kernel(cls):
        return cls.lab.on("host1", "cat", "/proc/sys/net/core/somaxconn", "/proc/sys/net/ipv4/tcp_rmem").split()

    def reaches(self, port):
        """Whether a packet gets as far as the host's TCP: "refused" is an answer, silence is the firewall."""
        try:
            socket.create_connection((self.lab.address("host1"), port), timeout=2).close()
        except ConnectionRefusedError:
            return True
        except socket.timeout:
            return False
        return True

    def test_1_apply_and_its_effects(self):
        self.assertTrue(self.reaches(7002))
        self.site.run("apply", "--yes")
        self.assertEqual(self.lab.on("host1", "date", "-d", "@1751364000", "+%H:%M %Z").strip(), "12:00 CEST")
        self.assertEqual(self.lab.on("host1", "env", "LC_ALL=de_DE.UTF-8", "date", "-d", "@1751364000", "+%B").strip(), "Juli")
        self.assertEqual(self.kernel(), ["8192", "4096", "131072", "4194304"])
        self.assertTrue(self.reaches(7001))
        self.assertFalse(self.reaches(7002))
        self.assertIn("03:15", self.lab.on("host1", "systemctl", "show", "-p", "TimersCalendar", "apt-daily-upgrade.timer"))
        self.site.run("verify")

    def test_2_second_apply_changes_nothing(self):
        self.assertIn("0 to create, 0 to change", self.site.run("apply", "--yes"))
        self.site.run("plan", "--detailed-exitcode")

    def test_3_rules_that_were_flushed_by_hand_come_back(self):
        self.lab.on("host1", "nft", "flush", "ruleset")
        self.assertIn("firewall is loaded", self.site.run("plan", "--detailed-exitcode", expect=2))
        self.site.run("apply", "--yes")
        self.assertFalse(self.reaches(7002))
        self.site.run("plan", "--detailed-exitcode")

    def test_4_other_rules_load_at_once_and_go_back(self):
        self.lab.on("host1", "nft", "add table inet others")
        self.site.write(BASE.replace("[7001]", "[7002]"))
        self.site.run("apply", "--yes")
        self.assertTrue(self.reaches(7002))
        self.assertFalse(self.reaches(7001))
        self.site.run("rollback", "--yes")
        self.assertTrue(self.reaches(7001))
        self.assertFalse(self.reaches(7002))
        self.assertIn("table inet others", self.lab.on("host1", "nft", "list", "tables"))
        self.lab.on("host1", "nft", "delete table inet others")
        self.site.write(BASE)

    def test_5_rules_that_nft_refuses_leave_the_old_ones(self):
        self.site.write(BASE + 'extra = ["tcp dport no_such_service accept"]\n')
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("no_such_service", self.site.errors)
        self.assertIn("was completely rolled back", self.site.errors)
        self.assertTrue(self.reaches(7001))
        self.assertFalse(self.reaches(7002))
        self.site.write(BASE)
        self.site.run("plan", "--detailed-exitcode")

    def test_6_a_container_cannot_have_swap(self):
        self.site.write(BASE.replace("[components.base]", "[components.base]\nswap_mb = 64"))
        self.site.run("plan", expect=None)
        self.assertNotEqual(self.site.code, 0)
        self.assertIn("this host is a container", self.site.errors)
        self.site.write(BASE)

    def test_7_rollback_leaves_no_trace(self):
        self.site.run("rollback", "base", "--yes")
        self.assertEqual(self.kernel(), self.kernel_before)
        self.assertTrue(self.reaches(7002))
        after = self.lab.snapshot("host1", self.folder / "after.json")
        self.assertEqual(self.lab.differences(self.before, after), "")

    def candidate(self):
        return self.site.run("facts", "apt.candidate:htop")

    def test_8_a_pin_decides_what_the_candidate_is(self):
        fields = "Package: htop\\nVersion: 99.0\\nArchitecture: all\\nMaintainer: x <x@example.org>\\nFilename: ./x.deb\\nSize: 1\\nDescription: x\\n"
        self.lab.on("host1", "sh", "-c", f"mkdir -p /srv/newer; printf '{fields}' >/srv/newer/Packages; "
                    "echo 'deb [trusted=yes] file:/srv/newer ./' >/etc/apt/sources.list.d/newer.list; apt-get -q update")
        self.assertEqual(self.lab.on("host1", "sh", "-c", "ls /var/lib/apt/lists | grep -c '_Packages[.]'", check=False).strip(), "0")
        self.assertIn("99.0", self.candidate())
        pin = self.lab.root("host1") / "etc/apt/preferences.d/htop"
        pin.write_text("Package: htop\nPin: version 3*\nPin-Priority: 1001\n")
        self.assertIn('= "3.', self.candidate())
        pin.write_text("Package: htop\nPin: version *\nPin-Priority: -1\n")
        self.assertNotIn("99.0", self.candidate())


if __name__ == "__main__":
    unittest.main(verbosity=2)
