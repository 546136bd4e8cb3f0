"""Components that leave the site take their packages along, and what these brought; a run that fails after that, one that is
killed in the middle of it, and a rollback bring all of it back: packages, dependencies, configuration, data, services."""
import contextlib
import pathlib
import socket
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402
from victims import kill, processes_in  # noqa: E402

NGINX = '''
[components.nginx]
sites = [{ name = "page", server_names = ["page.example.org"], tls = "off", pages = [{ name = "index.html", content = "<p>here</p>" }] }]
'''
BROKEN = NGINX.replace("sites =", 'extra = ["no_such_directive on;"]\nsites =')
FIRST = '''
[components.base]
packages = ["redis-server"]
time_sync = "chrony"
fail2ban = { jails = [{ name = "sshd" }] }
logrotate = [{ name = "shop", paths = ["/var/log/shop/*.log"] }]
'''
# Of another transaction: one prune takes both back.
SECOND = '''
[components.memcached]
memory_mb = 64
'''
LEAVING = FIRST + SECOND
# What is written by redis when it is stopped, by fail2ban when it starts, and by nginx when it is verified.
BUSY = ("/var/log/nginx/access.log", "/var/lib/redis/dump.rdb", "/var/log/redis/*", "/var/log/fail2ban.log", "/var/lib/fail2ban/*")
INSTALLED = ("dpkg-query", "-W", "-f", "${Package}:${Architecture} ${Version} ${Status}\n")
DEPENDENCIES = ("redis-tools", "liblzf1")  # of redis-server, which nobody named


class Pruned(HostCase):
    @classmethod
    def prepare(cls):
        # chrony puts it out; it comes back when all that was installed with chrony is taken back.
        cls.lab.on("host1", "apt-get", "-q", "install", "-y", "--no-install-recommends", "systemd-timesyncd")

    @classmethod
    def components(cls):
        return FIRST + NGINX

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site.run("apply", "--yes")
        cls.site.write(LEAVING + NGINX)
        cls.site.run("apply", "--yes")
        # The site says nothing of the service; the operator does.
        cls.lab.on("host1", "systemctl", "enable", "--now", "redis-server")
        cls.redis("SET", "kept", "value of before")
        cls.redis("SAVE")
        conf = cls.root / "etc/redis/redis.conf"
        conf.write_text(conf.read_text() + "# a line of the operator\n")
        (cls.root / "usr/share/memcached/mine").write_text("the operator's")
        cls.want("hold")
        cls.packages = cls.installed()
        cls.applied = cls.snapshot("applied")

    @classmethod
    def redis(cls, *words):
        return cls.lab.on("host1", "redis-cli", *words)

    @classmethod
    def want(cls, what):
        cls.lab.on("host1", "/bin/sh", "-c", f"echo redis-tools {what} | dpkg --set-selections")

    @classmethod
    def installed(cls):
        return cls.lab.on("host1", *INSTALLED)

    maxDiff = None  # every package and path that differs

    def kill_while(self, what):
        """Starts an apply, and kills the agent and dpkg when that does `what`."""
        running = self.site.start("apply", "--yes")
        ending = time.monotonic() + 120
        while not (victims := processes_in(self.root, "dpkg", what)) and time.monotonic() < ending:
            time.sleep(0.005)
        kill(processes_in(self.root, "wright-agent") + victims)
        running.communicate(timeout=120)
        self.assertNotEqual(victims, [], what)

    def assert_all_is_back(self, name):
        for path in "var/log/redis/redis-server.log", "var/lib/fail2ban/fail2ban.sqlite3":
            self.assertTrue((self.root / path).is_file(), path)
        self.assertEqual(self.installed(), self.packages)
        self.assert_unchanged(self.applied, name, BUSY)
        self.assertEqual(self.redis("GET", "kept").strip(), "value of before")
        with socket.create_connection((self.address, 80), timeout=5):
            pass
        self.assertIn("VERSION", self.lab.on("host1", "/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/11211; printf 'version\\r\\n' >&3; head -1 <&3"))
        self.assertEqual(self.lab.on("host1", "systemctl", "is-active", "redis-server", "memcached", "fail2ban").split(), ["active"] * 3)
        self.site.write(LEAVING + NGINX)
        self.site.run("plan", "--detailed-exitcode")
        self.site.run("verify")

    def test_1_the_plan_says_what_goes(self):
        self.site.write(NGINX)
        plan = self.site.run("plan", "--detailed-exitcode", expect=2)
        for word in ("redis-server", "also removes: ", *DEPENDENCIES, "data in /var/lib/redis is moved aside"):
            self.assertIn(word, plan)
        self.assert_unchanged(self.applied, "planned", BUSY)

    def test_2_a_run_that_fails_after_the_prune_brings_all_back(self):
        self.site.write(BROKEN)
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("no_such_directive", self.site.errors)
        self.assert_all_is_back("failed")

    def test_3_so_does_the_next_contact_after_a_kill_in_the_middle(self):
        for what in "--remove", "--purge":
            with self.subTest(what):
                self.site.write(NGINX)
                self.kill_while(what)
                self.assertIn("open transaction", self.site.run("status"))
                self.site.write(LEAVING + NGINX)
                self.site.run("apply", "--yes")
                self.assert_all_is_back(f"killed{what}")

    def test_3_so_does_the_one_after_that_was_killed_too(self):
        self.site.write(NGINX)
        self.kill_while("--purge")
        # Whoever comes to the host before wright does must not lose what is done there.
        strangers = {"etc/stranger.conf": "1", "opt/stranger": "2", "srv/stranger/file": "3", "usr/local/bin/stranger": "4"}
        for path, text in strangers.items():
            (self.root / path).parent.mkdir(exist_ok=True)
            (self.root / path).write_text(text)
        self.site.write(LEAVING + NGINX)
        self.kill_while("--install")
        self.site.run("apply", "--yes")
        for path, text in strangers.items():
            places = [self.root / path, *(self.root / "var/lib/wright").glob(f"*/*/{path}*")]
            self.assertIn(text, [place.read_text() for place in places if place.is_file()], path)
        for path in strangers:
            (self.root / path).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (self.root / "srv/stranger").rmdir()
        self.assert_all_is_back("killed twice")

    def test_4_a_rollback_of_the_prune_keeps_what_came_since(self):
        self.site.write(NGINX)
        self.site.run("apply", "--yes")
        left = self.installed()
        for package in "redis-server", "memcached", "fail2ban", "chrony", *DEPENDENCIES:
            self.assertNotIn(f"{package}:", left)
        self.assertFalse((self.root / "var/lib/redis").exists())
        strangers = [self.root / "etc/stranger.conf", self.root / "usr/local/bin/stranger"]
        for path in strangers:
            path.write_text("somebody's\n")
        plan = self.site.run("rollback", "--yes")
        self.assertIn("redis-tools", plan)
        for path in strangers:
            self.assertEqual(path.read_text(), "somebody's\n", path)
            path.unlink()
        self.assert_all_is_back("rolled back")

    def test_5_all_of_it_can_be_taken_back_to_the_beginning(self):
        self.want("install")
        (self.root / "usr/share/memcached/mine").unlink()
        self.site.run("rollback", "--yes", "--to", self.first_transaction())
        self.assert_unchanged(self.before, "gone")

    def first_transaction(self):
        (told,) = [event for event in self.site.events("history") if event["type"] == "history"]
        return told["transactions"][-1]["id"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
