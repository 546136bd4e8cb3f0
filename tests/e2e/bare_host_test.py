"""Hosts whose apt has no lists, old ones or compressed ones: what apt could bring is known all the same."""
import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from wheels import wheels_for  # noqa: E402
from wrightrun import LAB, ROOT, Lab, Site  # noqa: E402

REQUIREMENTS = (ROOT / "configs" / "raycrafter" / "app" / "requirements.txt").read_text()
COMPONENTS = '''
[components.base]
latest = ["hello"]

[components.postgresql]
memory_percent = 5

[components.tools]
plugin = "virtualenv"
path = "/srv/tools/venv"
requirements = ["wcwidth==0.9.4"]
wheels = "/opt/wheels"
offline = true
'''
OLD_PACKAGE = '''set -e
mkdir -p /tmp/hello/DEBIAN
printf 'Package: hello\\nVersion: 0.1\\nArchitecture: all\\nMaintainer: Nobody <nobody@example.org>\\nDescription: old\\n' >/tmp/hello/DEBIAN/control
dpkg-deb --build /tmp/hello /tmp/hello.deb
dpkg --install /tmp/hello.deb
'''


class BareHost(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(LAB + "-bare")
        cls.addClassCleanup(cls.lab, "down")
        cls.lab("up", "1", "--no-apt-lists")

    def setUp(self):
        self.lab("reset", "host1")
        self.site = Site(self.lab, COMPONENTS)
        self.addCleanup(self.site.__exit__)

    def shell(self, script):
        return self.lab.on("host1", "sh", "-c", script)

    def candidate(self, package):
        for event in self.site.events("facts", "apt.candidate:" + package):
            if event["type"] == "facts":
                return event["facts"]["apt.candidate:" + package]
        self.fail("no facts")

    def has_private_lists(self):
        return (self.lab.root("host1") / "var/lib/wright/apt/updated").exists()

    def test_nothing_is_known_yet(self):
        wheels = self.lab.root("host1") / "opt" / "wheels"
        shutil.copytree(wheels_for(REQUIREMENTS), wheels)
        self.assertFalse((self.lab.root("host1") / "usr/bin/python3").exists())
        (self.lab.root("host1") / "srv" / "tools").mkdir()
        self.shell(OLD_PACKAGE)
        self.site.run("apply", "--yes")
        self.assertNotEqual(self.lab.on("host1", "dpkg-query", "--show", "--showformat=${Version}", "hello"), "0.1")
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.site.run("plan", "--detailed-exitcode")
        self.site.run("verify")
        lists = self.lab.root("host1") / "var/lib/apt/lists"
        self.assertEqual([one.name for one in lists.iterdir() if "Packages" in one.name], [])

    def test_compressed_lists_are_read(self):
        self.shell("apt-get -q -o Acquire::GzipIndexes=true update")
        self.assertEqual(self.shell("ls /var/lib/apt/lists | grep 'Packages$' || true"), "")
        self.assertRegex(self.candidate("postgresql"), r"^\d+\+")
        self.assertIsNone(self.candidate("no-such-package"))
        self.assertFalse(self.has_private_lists())

    def test_old_lists_are_not_believed(self):
        self.shell("apt-get -q update && sed -i 's/^Package: hello$/Package: goodbye/' /var/lib/apt/lists/*Packages"
                   " && touch --date='3 days ago' /var/lib/apt/lists")
        self.assertIsNotNone(self.candidate("hello"))
        self.assertTrue(self.has_private_lists())

    def test_without_a_network_what_was_known_is_known(self):
        self.shell("apt-get -q update && touch --date='3 days ago' /var/lib/apt/lists"
                   " && echo 'Acquire::http::Proxy \"http://127.0.0.1:9\";' >/etc/apt/apt.conf.d/95broken")
        self.assertIsNotNone(self.candidate("hello"))
        self.assertFalse(self.has_private_lists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
