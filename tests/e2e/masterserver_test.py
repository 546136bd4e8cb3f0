"""configs/raycrafter as it is, on a real host: the page is served, nothing is left to do, and all of it goes without a trace."""
import os
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import canary  # noqa: E402
import masterserver  # noqa: E402
from host_case import HostCase  # noqa: E402
from load import fetch  # noqa: E402

NAME = "raycrafter.example.org"


class MasterServer(HostCase):
    @classmethod
    def prepare(cls):
        os.environ["WRIGHT_IDENTITY"] = str(cls.folder / "identity.txt")
        masterserver.prepare_host(cls.root)

    @classmethod
    def components(cls):
        return ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site_file = cls.site.folder / "site.toml"
        cls.site_file.write_text(masterserver.site_file(cls.lab("site", "host1=master")))
        cls.site.run("secrets", "init")
        (cls.folder / "begun").touch()
        cls.values = [value for value in masterserver.secrets_of(cls.site, cls.folder / "identity.txt").values() if len(value) >= 16]

    def test_1_one_command_serves_the_page(self):
        with canary.Watch(self.values) as watch:
            self.site.run("apply", "--yes", timeout=600)
        self.assertEqual([found for found in watch.found() if found[0] == "argv"], [])
        address = self.address
        fetch(address, NAME)
        status, text = fetch(address, NAME)
        self.assertEqual(status, 200)
        for part in ("A row from the database", "Row (postgresql)", "42, hit", "19 + 23 = 42"):
            self.assertIn(part, text)
        # As a browser asks that looks through `ssh -L`.
        self.assertIn("A row from the database", fetch(address, "localhost")[1])

    def test_2_nothing_is_left_to_do(self):
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "memcached", "--yes"))
        self.site.run("verify", "postgresql")

    def test_2_all_of_it_comes_back_when_the_host_boots(self):
        self.lab("power-off", "host1")
        self.lab("boot", "host1")
        self.site.run("verify")
        self.assertEqual(self.site.run("plan", "--detailed-exitcode").count("0 to create, 0 to change, 0 to remove"), 1)
        self.assertIn("19 + 23 = 42", fetch(self.address, NAME)[1])

    def test_3_no_secret_lies_in_the_open(self):
        self.assertGreaterEqual(len(self.values), 5)
        self.assertEqual(canary.on_host(self.lab, "host1", self.values), [])
        self.assertEqual(canary.on_controller(self.values, [self.site.folder], self.folder / "begun"), [])

    def without(self, *components):
        """The site file without the tables of these."""
        kept, leaves = [], False
        for line in self.site_file.read_text().splitlines(keepends=True):
            if header := re.match(r"\[+components\.(\w+)|\[", line):
                leaves = header.group(1) in components
            if not leaves:
                kept.append(line)
        return "".join(kept)

    def application(self):
        """Its files, and what the host starts at boot."""
        return (sorted(self.lab.on("host1", "find", "/srv/raycrafter", "-not", "-name", "*.pyc", "-printf", "%y %m %u %g %p %l\n").splitlines()),
                self.lab.on("host1", "systemctl", "list-unit-files", "--state=enabled", "--no-legend"))

    def test_3_the_application_goes_and_a_rollback_brings_it_back(self):
        whole = self.site_file.read_text()
        (self.root / "srv/raycrafter/media/upload").write_text("somebody's")
        before = self.application()
        self.site_file.write_text(self.without("raycrafter", "gunicorn", "celery", "nginx"))
        plan = self.site.run("plan", "--detailed-exitcode", expect=2)
        for words in ("what is in /srv/raycrafter/releases is moved aside, not deleted", "stays on the host, as other packages need it", "before celery goes: command:"):
            self.assertIn(words, plan)
        self.assertNotIn("changed by somebody else", plan)
        self.site.run("apply", "--yes", timeout=600)
        self.assertFalse((self.root / "srv/raycrafter").exists())
        self.assertNotIn("changed by somebody else", self.site.run("rollback", "--yes", timeout=600))
        self.assertEqual(self.application(), before)
        self.assertEqual((self.root / "srv/raycrafter/media/upload").read_text(), "somebody's")
        self.site_file.write_text(whole)
        self.site.run("plan", "--detailed-exitcode")
        self.site.run("verify")
        self.assertEqual(fetch(self.address, NAME)[0], 200)

    def test_4_a_dead_server_is_named_and_mended(self):
        self.lab.on("host1", "/bin/systemctl", "stop", "rabbitmq-server")
        said = self.site.run("verify", "rabbitmq", expect=3) + self.site.errors
        self.assertIn("rabbitmq-server.service does not run: it is inactive", said)
        self.assertIn("service:rabbitmq-server", self.site.run("plan", "--detailed-exitcode", expect=2))
        self.site.run("apply", "--yes")
        self.site.run("rollback", "--yes")
        self.site.run("apply", "--yes")
        self.site.run("verify", "celery")
        self.site.run("rollback", "--yes")

    def test_5_one_component_goes_and_comes_alone(self):
        self.site.run("rollback", "memcached", "--yes")
        self.site.run("verify", "memcached", expect=3)
        self.site.run("verify", "postgresql")
        self.site.run("apply", "memcached", "--yes")
        self.site.run("verify", "memcached")

    def test_6_rolled_back_without_a_trace(self):
        self.site.run("rollback", "--yes")  # memcached, that came back alone
        self.site.run("rollback", "--yes", timeout=600)
        self.assert_unchanged(self.before, "after")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
