"""What most end-to-end tests begin and end with: one fresh host, and a site on it."""
import pathlib
import tempfile
import unittest

from wrightrun import Lab, Site


class HostCase(unittest.TestCase):
    """`lab`, its host1 with its `root` and `address`, a `folder` for the test's own files, the `site`, and `before`: the
    host's snapshot when `prepare` had ended."""

    maxDiff = None  # every path that differs

    @classmethod
    def prepare(cls):
        """Puts there what the host has before wright comes."""

    @classmethod
    def components(cls):
        """The site file's components."""
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.lab("reset", "host1")
        scratch = tempfile.TemporaryDirectory(prefix="wright-e2e-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.root, cls.address = cls.lab.root("host1"), cls.lab.address("host1")
        cls.prepare()
        cls.before = cls.snapshot("before")
        cls.site = Site(cls.lab, cls.components())
        cls.addClassCleanup(cls.site.__exit__)

    @classmethod
    def snapshot(cls, name):
        return cls.lab.snapshot("host1", cls.folder / f"{name}.json")

    def files_with(self, secret):
        """Whatever its mode: every file of the host that has these words, those in memory too."""
        return self.lab.on("host1", "grep", "--recursive", "--files-with-matches", "--fixed-strings", "--devices=skip", "-e", secret, "/dev/shm", "/etc",
                           "/home", "/opt", "/root", "/run", "/srv", "/tmp", "/usr/local", "/var", check=False)

    def assert_unchanged(self, since, name, busy=()):
        """The host is as it was in the snapshot `since`; the one of now is called `name`."""
        self.assertEqual(self.lab.differences(since, self.snapshot(name), busy), "")
