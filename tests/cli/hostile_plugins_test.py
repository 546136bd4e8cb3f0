"""Plugins that are none, or misbehave: refused by the real binary with the file and the reason, and never with a crash."""
import os
import pathlib
import shutil
import unittest

from wright_process import GOOD, WrightCase

FIXTURES = pathlib.Path(os.environ["WRIGHT_TEST_PLUGINS"])
# Of fixtures that are built for this: what the refusal says.
BUILT = {
    "next_major": "SDK major 2; this wright has SDK major 1",
    "no_entry": "does not export wright_plugin_entry_1",
    "missing_symbol": "nowhere",
    "gives_null": "returned NULL",
    "tiny_table": "too small",
    "lacks_verify": "version, verify",
    "wrong_name": 'it is called "other"',
    "null_options": "table of options is broken",
    "crashes_on_load": "was killed by SIGABRT",
}


class HostilePlugins(WrightCase):
    def setUp(self):
        super().setUp()
        self.plugins = self.folder / "plugins"
        self.plugins.mkdir(mode=0o755)

    def refused(self, name, says):
        """By every command that would run it, whatever the other plugins of the site are."""
        self.site(GOOD + f"\n[components.{name}]\n")
        for words in ["lint"], ["plan"], ["plugin", "inspect", name], ["plugin", "list"]:
            with self.subTest(plugin=name, words=words):
                self.run_wright(*words, "--plugin-dir", str(self.plugins), expect=65)
                self.assertIn(name, self.err)
                self.assertIn(says, self.err)
        (self.plugins / f"{name}.so").unlink()

    def test_files_that_are_no_plugins(self):
        whole = (FIXTURES / "plain.so").read_bytes()
        other_machine = bytearray(whole)
        other_machine[18] = 8
        for name, content, says in [("a_script", b"#!/bin/sh\necho hello\n", "is no shared object"), ("nothing", b"", "is empty"),
                                    ("half", whole[:len(whole) // 2], "is cut off"),
                                    ("elsewhere", bytes(other_machine), "is built for another machine")]:
            (self.plugins / f"{name}.so").write_bytes(content)
            self.refused(name, says)
            self.assertIn(f"{name}.so", self.err)

    def test_plugins_that_do_not_fit_or_crash(self):
        for name, says in BUILT.items():
            shutil.copy(FIXTURES / f"{name}.so", self.plugins)
            self.refused(name, says)

    def test_one_that_others_could_change(self):
        path = pathlib.Path(shutil.copy(FIXTURES / "plain.so", self.plugins))
        path.chmod(0o777)
        self.site(GOOD)
        self.run_wright("lint", "--plugin-dir", str(self.plugins), expect=65)
        self.assertIn("plain.so", self.err)
        self.assertIn("others could change what it runs", self.err)

    def test_a_good_one_of_ones_own_is_found(self):
        shutil.copy(FIXTURES / "plain.so", self.plugins)
        self.run_wright("plugin", "list", "--plugin-dir", str(self.plugins), expect=0)
        self.assertIn(str(self.plugins / "plain.so"), self.out)


if __name__ == "__main__":
    unittest.main()
