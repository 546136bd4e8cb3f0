"""A virtual environment on a real host, from wheels alone: built, built anew beside the old one, gone back to, taken back."""
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from wheels import wheels_for  # noqa: E402
from wrightrun import ROOT, Lab, Site  # noqa: E402

REQUIREMENTS = (ROOT / "configs" / "raycrafter" / "app" / "requirements.txt").read_text()
PASSWORD = "kanarie-index"


def components(requirements, more=""):
    return f'''
[components.tools]
plugin = "virtualenv"
path = "/srv/tools/venv"
user = "nobody"
group = "nogroup"
requirements = {requirements}
wheels = "/opt/wheels"
offline = true
pip_environment = {{ INDEX_TOKEN = "{PASSWORD}" }}
{more}
'''


class Virtualenv(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.lab("reset", "host1")
        cls.scratch = tempfile.TemporaryDirectory(prefix="wright-e2e-")
        cls.folder = pathlib.Path(cls.scratch.name)
        root = cls.lab.root("host1")
        shutil.copytree(wheels_for(REQUIREMENTS), root / "opt" / "wheels")
        shutil.copytree(wheels_for("uv==0.5.31\n"), root / "opt" / "wheels", dirs_exist_ok=True)
        (root / "srv" / "tools").mkdir()
        cls.link = root / "srv" / "tools" / "venv"
        cls.before = cls.lab.snapshot("host1", cls.folder / "before.json")
        cls.site = Site(cls.lab, components(["wcwidth==0.9.4"], 'imports = ["wcwidth"]'))

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__()
        cls.scratch.cleanup()

    def built(self):
        return self.link.readlink().name

    def packages(self):
        words = self.lab.on("host1", "/srv/tools/venv/bin/python", "-m", "pip", "--disable-pip-version-check", "list", "--format=freeze")
        return {line.split("==")[0] for line in words.splitlines()} - {"pip", "setuptools"}

    def test_1_exactly_what_is_named(self):
        self.site.run("apply", "--yes")
        self.assertEqual(self.packages(), {"wcwidth"})
        self.assertEqual(self.lab.on("host1", "stat", "--dereference", "--format=%U", "/srv/tools/venv").strip(), "nobody")
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.site.run("verify")

    def test_2_other_requirements_are_another_environment(self):
        first = self.built()
        self.site.write(components(["sqlparse==0.6.1"], 'imports = ["sqlparse"]'))
        self.site.run("apply", "--yes")
        self.assertEqual(self.packages(), {"sqlparse"})
        self.site.run("verify")
        self.site.run("rollback", "--yes")
        self.assertEqual((self.built(), self.packages()), (first, {"wcwidth"}))
        self.site.write(components(["wcwidth==0.9.4"], 'recreate = "again"'))
        self.site.run("apply", "--yes")
        self.assertNotEqual(self.built(), first)
        self.assertEqual(self.packages(), {"wcwidth"})

    def test_3_what_cannot_be_built_leaves_the_old_one(self):
        old = self.built()
        self.site.write(components(["no-such-package==1"]))
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("no-such-package", self.site.errors)
        self.assertEqual((self.built(), self.packages()), (old, {"wcwidth"}))

    def test_3_uv_installs_the_same(self):
        old = self.built()
        self.site.write(components(["wcwidth==0.9.4"], 'installer = "uv"\nuv_version = "0.5.31"\nimports = ["wcwidth"]'))
        self.site.run("apply", "--yes")
        self.assertNotEqual(self.built(), old)
        self.assertEqual(self.packages(), {"wcwidth"})
        self.assertEqual(self.lab.on("host1", "find", f"/srv/tools/venv.d/{self.built()}", "-name", "uv", "-o", "-name", ".uv"), "")
        self.assertEqual((self.link.parent / "venv.d" / self.built() / "lib/python3.11/site-packages/wcwidth-0.9.4.dist-info/INSTALLER").read_text(), "uv")
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.site.run("rollback", "--yes")
        self.assertEqual(self.built(), old)

    def test_4_a_hand_edit_of_the_link_is_mended(self):
        self.site.write(components(["wcwidth==0.9.4"], 'recreate = "again"'))
        old = self.built()
        self.lab.on("host1", "ln", "-sfn", "/usr", "/srv/tools/venv")
        self.assertIn("symlink:/srv/tools/venv", self.site.run("plan", "--detailed-exitcode", expect=2))
        self.site.run("apply", "--yes")
        self.assertEqual(self.built(), old)

    def test_5_gone_from_the_site_leaves_nothing(self):
        found = self.lab.on("host1", "grep", "-rlsF", PASSWORD, "/srv", "/etc", "/var/log", "/var/lib/wright", check=False)
        self.assertEqual(found, "")
        self.site.write("")
        self.site.run("apply", "--yes")
        after = self.lab.snapshot("host1", self.folder / "after.json")
        self.assertEqual(self.lab.differences(self.before, after), "")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
