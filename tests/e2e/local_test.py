"""address = "local": wright on the host that it looks after, without SSH, does the same job and leaves no trace either."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from pages import page  # noqa: E402
from wrightrun import BUILD, MINIMAL, Lab  # noqa: E402

HOME = "/opt/wright"
SITE = f'[site]\nname = "test"\n\n[hosts.web]\naddress = "local"\n\n{MINIMAL}'
# What wright keeps beside its site file is the controller's.
OWN = (f"{HOME}/site", f"{HOME}/site/*")


def libraries_of(program):
    """Where this machine has what the program is linked with."""
    listed = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    return [pathlib.Path(path) for path in re.findall(r"=> (/\S+)", listed)]


class Local(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.lab("reset", "host1")
        cls.scratch = tempfile.TemporaryDirectory(prefix="wright-local-")
        cls.folder = pathlib.Path(cls.scratch.name)
        root = cls.lab.root("host1")
        home = root / HOME.lstrip("/")
        for folder in "bin", "lib/wright":
            shutil.copytree(BUILD / folder, home / folder)
        (home / "shared").mkdir()
        # A bare host lacks some of them.
        for library in {*libraries_of(BUILD / "bin/wright"), *libraries_of(BUILD / "lib/wright/plugin-worker")}:
            if not (root / "usr/lib/x86_64-linux-gnu" / library.name).exists():
                shutil.copy(library, home / "shared")
        (root / "etc/ld.so.conf.d/wright.conf").write_text(f"{HOME}/shared\n")
        cls.lab.on("host1", "/sbin/ldconfig")
        (home / "site").mkdir(mode=0o700)
        (home / "site/site.toml").write_text(SITE)
        cls.before = cls.snapshot("before")

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    @classmethod
    def snapshot(cls, name):
        return cls.lab.snapshot("host1", cls.folder / f"{name}.json")

    def wright(self, *words, expect=0):
        script = f'{HOME}/bin/wright "$@" --site {HOME}/site/site.toml 2>&1; echo "exit $?"'
        out = self.lab.on("host1", "/bin/sh", "-c", script, "wright", *words)
        self.assertTrue(out.endswith(f"exit {expect}\n"), out)
        return out

    def test_plan_apply_verify_rollback(self):
        self.assertIn("nginx", self.wright("plan", "--detailed-exitcode", expect=2))
        self.assertEqual(self.lab.differences(self.before, self.snapshot("planned"), busy=OWN), "")
        self.wright("apply", "--yes")
        self.assertIn("It works", page(self.lab.address("host1")))
        self.wright("verify")
        self.assertIn("0 to create", self.wright("apply", "--yes"))
        self.wright("plan", "--detailed-exitcode")
        self.wright("rollback", "--yes")
        self.assertEqual(self.lab.differences(self.before, self.snapshot("rolled-back"), busy=OWN), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
