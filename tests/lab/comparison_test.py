"""What the lab judges a rollback by must itself see every difference."""

import os
import sys
import tempfile
import unittest
from pathlib import Path

from hostlab import machine, snapshot
from hostlab.manifest import manifest, read_excludes

RESIDUE = Path(__file__).with_name("residue.txt")


class Manifest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)
        (self.root / "etc").mkdir()
        (self.root / "etc/one").write_text("1")
        (self.root / "run").mkdir()
        (self.root / "run/passing").write_text("")

    def changed(self, act):
        before = dict(manifest(self.root))
        act()
        after = dict(manifest(self.root))
        return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}

    def test_sees_content_mode_link_and_attribute(self):
        one = self.root / "etc/one"
        self.assertEqual(self.changed(lambda: one.write_text("2")), {"/etc/one"})
        self.assertEqual(self.changed(lambda: one.chmod(0o4711)), {"/etc/one"})
        self.assertEqual(self.changed(lambda: (self.root / "etc/two").symlink_to("one")), {"/etc/two"})
        self.assertEqual(self.changed(lambda: os.mkfifo(self.root / "etc/pipe")), {"/etc/pipe"})
        self.assertEqual(self.changed(one.unlink), {"/etc/one"})

    def test_sees_owner(self):
        if os.geteuid() != 0:
            self.skipTest("only root gives files away")
        self.assertEqual(self.changed(lambda: os.chown(self.root / "etc/one", 7, 8)), {"/etc/one"})

    def test_names_any_bytes_on_one_line(self):
        (self.root / "etc/a b\nc").write_text("")
        Path(os.fsdecode(os.fsencode(self.root) + b"/etc/\xff")).write_text("")
        paths = dict(manifest(self.root)).keys()
        self.assertIn("/etc/a\\x20b\\nc", paths)
        self.assertTrue(all("\n" not in path and " " not in path for path in paths))

    def test_leaves_out_the_kernel_s_folders_and_the_excluded(self):
        excludes = self.root / "list"
        excludes.write_text("# a reason\n/etc/\n")
        paths = dict(manifest(self.root, read_excludes(excludes))).keys()
        self.assertEqual(set(paths), {"/", "/list"})


class Compare(unittest.TestCase):
    before = {"manifest": {"/etc/x": "1", "/var/log/dpkg.log": "1"}, "users": {"root": "x"}}

    def verdict(self, after):
        lines, same = snapshot.compare(self.before, after, snapshot.read_allowed(RESIDUE))
        return lines[-1].split(":")[0], same

    def test_three_verdicts(self):
        listed = {"manifest": {"/etc/x": "1", "/var/log/dpkg.log": "2", "/var/lib/wright/state.db": "3"}, "users": {"root": "x"}}
        self.assertEqual(self.verdict(self.before), ("IDENTICAL", True))
        self.assertEqual(self.verdict(listed), ("IDENTICAL-EXCEPT", True))
        self.assertEqual(self.verdict({**listed, "users": {"root": "x", "memcache": "y"}}), ("DIFFERENT", False))
        self.assertEqual(self.verdict({"manifest": {"/etc/x": "1"}}), ("DIFFERENT", False))

    def test_the_list_is_short_and_names_single_paths(self):
        allowed = [line for line in snapshot.read_allowed(RESIDUE) if not line.startswith("/var/lib/wright")]
        self.assertLessEqual(len(allowed), 18)
        self.assertFalse([line for line in allowed if set(line) & set("*?[")])


class Process(unittest.TestCase):
    def test_a_pid_is_believed_only_with_its_start_time_and_command(self):
        record = machine.describe(os.getpid())
        word = Path(sys.executable).name[:6]
        self.assertEqual(machine.known_again(record, word), os.getpid())
        self.assertIsNone(machine.known_again({**record, "started": record["started"] - 1}, word))
        self.assertIsNone(machine.known_again(record, "no-such-word"))
        self.assertIsNone(machine.known_again(None, word))


if __name__ == "__main__":
    unittest.main()
