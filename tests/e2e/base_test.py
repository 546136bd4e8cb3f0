"""The base system on a real host: what it sets up does its work, comes back after a hand edit, and goes without a trace."""
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
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

[[components.base.logrotate]]
name = "shop"
paths = ["/var/log/shop/*.log"]
size_mb = 1
compress = false
create_mode = "0640"
owner = "root"
group = "adm"
after = ["touch /run/shop-rotated"]

[components.base.sshd]
PasswordAuthentication = "no"
ClientAliveInterval = "5m"
AllowUsers = "root guest"
Port = "22 2222"

[components.base.fail2ban]
jails = [{ name = "sshd", maxretry = 3, bantime = "1h" }, { name = "recidive" }]

[components.base.unattended_upgrades]
enabled = true
time = "03:15"
reboot = true
reboot_with_users = false

[components.base.firewall]
enabled = true
allow = [{ ports = [7001], comment = "open" }, { ports = [2222] }]
'''


class BaseSystem(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.lab("reset", "host1")
        cls.scratch = tempfile.TemporaryDirectory(prefix="wright-e2e-")
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.kernel_before = cls.kernel()
        cls.sshd_before = cls.lab.on("host1", "sshd", "-T")
        cls.before = cls.lab.snapshot("host1", cls.folder / "before.json")
        cls.site = Site(cls.lab, BASE)

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__()
        cls.scratch.cleanup()

    @classmethod
    def kernel(cls):
        return cls.lab.on("host1", "cat", "/proc/sys/net/core/somaxconn", "/proc/sys/net/ipv4/tcp_rmem").split()

    def banned(self):
        return self.lab.on("host1", "fail2ban-client", "status", "sshd").partition("Banned IP list:")[2].split()

    def waits(self, holds, what):
        end = time.monotonic() + 20
        while not holds():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.2)

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
        for option in ("swap_mb = 64", 'swap_files = [{ path = "/swap", size_mb = 64 }]'):
            self.site.write(BASE.replace("[components.base]", f"[components.base]\n{option}"))
            self.site.run("plan", expect=None)
            self.assertNotEqual(self.site.code, 0)
            self.assertIn("this host is a container", self.site.errors)
        self.site.write(BASE)

    def test_7_sshd_has_its_settings_and_says_when_another_file_overrides_them(self):
        with socket.create_connection((self.lab.address("host1"), 2222), timeout=5) as connection:
            self.assertTrue(connection.recv(64).startswith(b"SSH-2.0-"))
        told = self.lab.on("host1", "sshd", "-T").splitlines()
        for line in ("passwordauthentication no", "clientaliveinterval 300", "allowusers root", "port 22", "port 2222"):
            self.assertIn(line, told)
        other = self.lab.root("host1") / "etc/ssh/sshd_config.d/50-other.conf"
        other.write_text("PasswordAuthentication yes\n")
        self.site.run("verify", expect=3)
        self.assertIn("FAILED sshd has PasswordAuthentication no", self.site.errors)
        self.assertNotIn("FAILED sshd has ClientAliveInterval", self.site.errors)
        other.unlink()
        self.site.run("verify")

    def test_7a_verify_says_when_the_file_of_sshd_is_gone(self):
        ours = self.lab.root("host1") / "etc/ssh/sshd_config.d/60-wright.conf"
        ours.rename(ours.with_suffix(".aside"))
        self.site.run("verify", expect=3)
        for setting in ("PasswordAuthentication no", "ClientAliveInterval 5m", "AllowUsers root guest", "Port 22 2222"):
            self.assertIn(f"FAILED sshd has {setting}", self.site.errors)
        ours.with_suffix(".aside").rename(ours)
        self.site.run("verify")

    def test_8_nothing_of_sshd_locks_wright_out(self):
        for keyword, value in (("PermitRootLogin", "no"), ("DenyUsers", "r*"), ("ListenAddress", "127.0.0.1")):
            self.site.write(BASE.replace("ClientAliveInterval", f'{keyword} = "{value}"\nClientAliveInterval'))
            self.site.run("plan", expect=None)
            self.assertNotEqual(self.site.code, 0)
            self.assertIn("would lock wright out", self.site.errors)
        # Who is in a group is not known before; a login that fails takes it back.
        self.site.write(BASE.replace("ClientAliveInterval", 'AllowGroups = "nobody-is-in-it"\nClientAliveInterval'))
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("FAILED wright can log in anew", self.site.errors)
        self.assertNotIn("allowgroups", self.lab.on("host1", "sshd", "-T"))
        self.site.write(BASE.replace("ClientAliveInterval", 'Banner = "none"\nCiphers = "no-such"\nClientAliveInterval'))
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("no-such", self.site.errors)
        self.site.write(BASE)
        self.site.run("plan", "--detailed-exitcode")

    def test_9_failed_logins_ban_others_but_not_wright(self):
        # The journal asks which program wrote a line, so one with the server's name does and is there for a while.
        self.lab.on("host1", "sh", "-c", "mkdir /tmp/says && cp /usr/bin/logger /tmp/says/sshd && { for i in 1 2 3; do "
                    "echo 'Invalid user x from 203.0.113.9 port 1'; done; sleep 1; } | /tmp/says/sshd -t sshd; rm -r /tmp/says")
        self.waits(lambda: "203.0.113.9" in self.banned(), "a stranger is banned")
        self.assertIn("203.0.113.9", self.lab.on("host1", "nft", "list", "set", "inet", "f2b-table", "addr-set-sshd"))
        for _ in range(5):
            subprocess.run(["ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o",
                            "UserKnownHostsFile=/dev/null", f"stranger@{self.lab.address('host1')}", "true"],
                           capture_output=True, timeout=30, check=False)
        log = self.lab.root("host1") / "var/log/fail2ban.log"
        self.waits(lambda: log.read_text().count("Ignore ") >= 5, "wright's own address is ignored")
        self.assertEqual(self.banned(), ["203.0.113.9"])
        self.site.run("plan", "--detailed-exitcode")

    def test_a_logs_are_rotated(self):
        shop = self.lab.root("host1") / "var/log/shop"
        shop.mkdir()
        (shop / "shop.log").write_text("x" * (3 << 20))
        (shop / "small.log").write_text("x")
        self.lab.on("host1", "systemctl", "start", "logrotate.service")
        self.assertEqual((shop / "shop.log.1").stat().st_size, 3 << 20)
        self.assertEqual((shop / "shop.log").stat().st_size, 0)
        self.assertEqual(self.lab.on("host1", "stat", "-c", "%a %G", "/var/log/shop/shop.log").strip(), "640 adm")
        self.assertFalse((shop / "small.log.1").exists())
        self.lab.on("host1", "rm", "/run/shop-rotated")
        self.site.run("verify")
        self.lab.on("host1", "chmod", "0777", "/var/log/shop")
        self.site.run("verify", expect=3)
        self.assertIn("FAILED logrotate rotates by shop", self.site.errors)
        shutil.rmtree(shop)

    def test_b_a_rule_that_logrotate_refuses_is_not_left_behind(self):
        self.site.write(BASE.replace('group = "adm"', 'group = "no-such-group"'))
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("no-such-group", self.site.errors)
        self.site.write(BASE)
        self.site.run("plan", "--detailed-exitcode")

    def test_c_a_jail_without_its_log_leaves_the_others(self):
        self.site.write(BASE.replace('{ name = "recidive" }', '{ name = "recidive" }, { name = "nginx-http-auth" }'))
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("nginx-http-auth", self.site.errors)
        self.assertEqual(self.lab.on("host1", "fail2ban-client", "status", "recidive").count("Banned IP list"), 1)
        self.site.write(BASE)

    def test_ca_the_port_that_wright_comes_in_by_does_not_leave(self):
        usual, pins = self.site.hosts, self.site.folder / "known_hosts"
        self.addCleanup(setattr, self.site, "hosts", usual)
        self.site.hosts = usual.replace("port = 22\n", "port = 2222\n")
        address = self.lab.address("host1")
        with pins.open("a") as known:
            known.writelines(line.replace(address, f"[{address}]:2222", 1) for line in pins.read_text().splitlines(True))
        whole = BASE.replace("[components.base.firewall]", "[components.base.firewall]\nssh_ports = [22, 2222]")
        start, end = whole.index("[components.base.sshd]"), whole.index("[components.base.fail2ban]")
        without = whole[:start] + whole[end:]
        of_its_own = without + '[components.login]\nplugin = "base"\n' + whole[start:end].replace("base.sshd", "login.sshd")
        for site in (whole, of_its_own):
            self.site.write(site)
            self.site.run("apply", "--yes")
            self.site.write(without)
            self.site.run("apply", "--yes", expect=5)
            self.assertIn("FAILED wright can log in anew", self.site.errors)
            self.assertIn("was completely rolled back", self.site.errors)
            self.site.write(site)
            self.site.run("verify")
        self.site.hosts = usual
        self.site.write(BASE)
        self.site.run("apply", "--yes")

    def test_d_what_leaves_the_site_leaves_no_port_and_no_rules(self):
        self.assertIn("table inet f2b-table", self.lab.on("host1", "nft", "list", "tables"))
        start = BASE.index("[components.base.sshd]")
        self.site.write(BASE[:start] + BASE[BASE.index("[components.base.unattended_upgrades]"):])
        self.site.run("apply", "--yes")
        self.assertNotIn("f2b-table", self.lab.on("host1", "nft", "list", "tables"))
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection((self.lab.address("host1"), 2222), timeout=5).close()

    def test_e_rollback_leaves_no_trace(self):
        self.site.run("rollback", "base", "--yes")
        self.assertEqual(self.lab.on("host1", "sshd", "-T"), self.sshd_before)
        with self.assertRaises(OSError):
            socket.create_connection((self.lab.address("host1"), 2222), timeout=2).close()
        self.assertEqual(self.kernel(), self.kernel_before)
        self.assertTrue(self.reaches(7002))
        after = self.lab.snapshot("host1", self.folder / "after.json")
        self.assertEqual(self.lab.differences(self.before, after), "")

    def candidate(self):
        return self.site.run("facts", "apt.candidate:htop")

    def test_f_a_pin_decides_what_the_candidate_is(self):
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
