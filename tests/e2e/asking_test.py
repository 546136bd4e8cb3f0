"""Commands as a person at a terminal has them: what asks, what the answer does, and what moves while work is done."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402
from terminal import Terminal  # noqa: E402

MEMCACHED = "[components.memcached]\nmemory_mb = 64\n"
UP_AND_CLEAR = re.compile(r"\x1b\[\d+A\x1b\[J")  # how lines that are alive are drawn anew
TIMED_LINE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ .*memcached", re.MULTILINE)


class Asking(HostCase):
    @classmethod
    def components(cls):
        return MEMCACHED

    def on_terminal(self, question, answer, *words):
        with Terminal(self.site.command(*words), self.site.folder) as terminal:
            terminal.await_text(question + " [y/N]")
            terminal.answer(answer)
            return terminal.end(), terminal.text

    def memcached_runs(self):
        return self.lab.on("host1", "systemctl", "is-active", "memcached", check=False).strip() == "active"

    def test_1_apply_that_is_declined_changes_nothing(self):
        for answer in "n", "", "yesterday":
            code, text = self.on_terminal("Apply these changes?", answer, "apply")
            self.assertEqual(code, 1, text)
            self.assertIn("Nothing was changed.", text)
        self.assert_unchanged(self.before, "declined")

    def test_2_apply_that_is_agreed_to_does_it_with_live_progress(self):
        code, text = self.on_terminal("Apply these changes?", "y", "apply")
        self.assertEqual(code, 0, text)
        self.assertTrue(self.memcached_runs())
        self.assertRegex(text.partition("[y/N]")[2], UP_AND_CLEAR)

    def test_3_rollback_asks_too(self):
        code, text = self.on_terminal("Roll this back?", "n", "rollback")
        self.assertEqual(code, 1, text)
        self.assertTrue(self.memcached_runs())
        code, text = self.on_terminal("Roll this back?", "y", "rollback")
        self.assertEqual(code, 0, text)
        self.assert_unchanged(self.before, "rolled-back")

    def test_4_trust_pins_only_what_is_agreed_to(self):
        pins = self.site.folder / "known_hosts"
        right = pins.read_text()
        pins.unlink()
        code, text = self.on_terminal("Pin this key?", "n", "trust", "web")
        self.assertEqual(code, 8, text)
        self.assertFalse(pins.exists())
        self.site.run("plan", expect=8)
        code, text = self.on_terminal("Pin this key?", "y", "trust", "web")
        self.assertEqual(code, 0, text)
        self.assertEqual(pins.read_text().split()[1:3], right.split()[1:3])
        self.site.run("plan")

    def test_5_without_a_terminal_lines_are_plain_and_nothing_is_asked(self):
        self.site.run("apply", expect=64)
        self.assertIn("--yes", self.site.errors)
        out = self.site.run("apply", "--yes")
        self.assertRegex(self.site.errors, TIMED_LINE)
        self.assertNotIn("\x1b", out + self.site.errors)


if __name__ == "__main__":
    unittest.main(verbosity=2)
