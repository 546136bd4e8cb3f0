"""A login that is not root: all is done through `sudo -n`, and what sudo refuses is said with what to do about it."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402

USER = "deployer"
NOTHING = "0 to create, 0 to change, 0 to remove"


class BySudo(HostCase):
    @classmethod
    def prepare(cls):
        cls.lab("user", "host1", USER)
        cls.rule = cls.root / f"etc/sudoers.d/lab-{USER}"
        cls.without_password = cls.rule.read_text()

    @classmethod
    def components(cls):
        return "[components.memcached]\nmemory_mb = 64\n"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hosts = cls.site.hosts.replace('user = "root"', f'user = "{USER}"')
        assert hosts != cls.site.hosts, hosts
        cls.site.hosts = hosts
        cls.site.write(cls.components())
        # So that nothing can be done by a way round it.
        cls.lab.on("host1", "sh", "-c", "echo 'PermitRootLogin no' >/etc/ssh/sshd_config.d/no-root.conf && systemctl reload ssh")
        cls.before = cls.snapshot("before")

    def refused(self, *words):
        self.site.run(*words, expect=8)
        self.assertIn(f"sudo does not let {USER} become root without a password", self.site.errors)
        self.assertIn(f"{USER} ALL=(root) NOPASSWD: ALL", self.site.errors)

    def test_1_sudo_that_asks_for_a_password(self):
        """The host is as it was: not even the agent was stored."""
        self.rule.write_text(self.without_password.replace("NOPASSWD: ", ""))
        try:
            for words in ("plan",), ("apply", "--yes"), ("rollback", "--yes"), ("status",):
                self.refused(*words)
            self.assertIn("a password is required", self.site.errors)
            self.rule.unlink()
            self.refused("apply", "--yes")
        finally:
            self.rule.write_text(self.without_password)
            self.rule.chmod(0o440)
        self.assert_unchanged(self.before, "refused")
        self.assertFalse((self.root / "var/lib/wright").exists())

    def test_2_everything_as_root_would_do_it(self):
        self.assertIn("memcached", self.site.run("plan"))
        self.site.run("apply", "--yes")
        self.assertEqual(self.lab.on("host1", "systemctl", "is-active", "memcached").strip(), "active")
        conf = (self.root / "etc/memcached.conf").stat()
        self.assertEqual((conf.st_uid, conf.st_gid), (0, 0))
        self.assertIn(NOTHING, self.site.run("apply", "--yes"))
        self.site.run("plan", "--detailed-exitcode")
        self.site.run("verify")
        (component,) = next(e for e in self.site.events("status") if e["type"] == "status")["components"]
        self.assertEqual(component["name"], "memcached")

    def test_3_what_is_kept_is_roots_alone(self):
        self.assertEqual(self.lab.on("host1", "find", "/var/lib/wright", "-not", "-user", "root").split(), [])
        for command in "cat /var/lib/wright/state.db", "ls /var/lib/wright/blobs":
            self.assertIn("Permission denied", self.lab.on("host1", "su", USER, "-c", f"{command} 2>&1 || true"))

    def test_4_taken_back(self):
        self.site.run("rollback", "--yes")
        self.assert_unchanged(self.before, "after")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
