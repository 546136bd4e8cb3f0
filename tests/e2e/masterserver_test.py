"""configs/raycrafter as it is, on a real host: the page is served, nothing is left to do, and all of it goes without a trace."""
import os
import pathlib
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
        (cls.site.folder / "site.toml").write_text(masterserver.site_file(cls.lab("site", "host1=master")))
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

    def test_2_nothing_is_left_to_do(self):
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "memcached", "--yes"))
        self.site.run("verify", "postgresql")

    def test_3_no_secret_lies_in_the_open(self):
        self.assertGreaterEqual(len(self.values), 5)
        self.assertEqual(canary.on_host(self.lab, "host1", self.values), [])
        self.assertEqual(canary.on_controller(self.values, [self.site.folder], self.folder / "begun"), [])

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
