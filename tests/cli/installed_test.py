"""What `cmake --install` lays down is whole: it finds its plugins, and its agent."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["WRIGHT"]).parents[1]


class Installed(unittest.TestCase):
    def test_works_from_its_prefix(self):
        with tempfile.TemporaryDirectory(prefix="wright-installed-") as folder:
            prefix = pathlib.Path(folder) / "usr"
            cmake = shutil.which("cmake")
            subprocess.run([cmake, "--install", str(BUILD), "--prefix", str(prefix)], check=True, capture_output=True)
            site = pathlib.Path(folder) / "site.toml"
            site.write_text('[site]\nname = "here"\n[hosts.me]\naddress = "local"\n[components.memcached]\n')
            wright = str(prefix / "bin" / "wright")
            listed = subprocess.run([wright, "plugin", "list"], check=True, capture_output=True, text=True).stdout
            for folder_of_plugin in (ROOT / "plugins").iterdir():
                if (folder_of_plugin / "CMakeLists.txt").exists():
                    self.assertIn(folder_of_plugin.name, listed)
            self.assertTrue(os.access(prefix / "lib/wright/wright-agent", os.X_OK))
            if os.geteuid() == 0:
                facts = subprocess.run([wright, "facts", "--site", str(site)], check=True, capture_output=True, text=True).stdout
                self.assertIn("os.id", facts.replace('"', ""))
            else:
                print("not root: whether the installed agent runs here is not tried")

            removal = re.search(r"^cd /usr/local && (rm -r .*)$", (ROOT / "README.md").read_text(), re.MULTILINE).group(1)
            subprocess.run(["/bin/sh", "-c", removal], cwd=prefix, check=True, stdin=subprocess.DEVNULL, capture_output=True)
            self.assertEqual([str(path) for path in prefix.rglob("*") if not path.is_dir()], [], "the README's removal leaves files")


if __name__ == "__main__":
    unittest.main(verbosity=2)
