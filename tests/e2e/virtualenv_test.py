"""A virtual environment on a real host, from wheels alone: built, built anew beside the old one, gone back to, taken back."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from wheels import wheels_for  # noqa: E402
from wrightrun import ROOT, Lab, Site  # noqa: E402

sys.path.insert(0, str(ROOT / "tests" / "lab"))
from repository import index  # noqa: E402

REQUIREMENTS = (ROOT / "configs" / "raycrafter" / "app" / "requirements.txt").read_text()
PASSWORD = "kanarie-index"
FILES = '''requirements_files = [{ name = "base.txt", text = "${file.requirements/base.txt}", use = "reference" },
                      { name = "pins.txt", text = "${file.requirements/pins.txt}", use = "constraints" },
                      { name = "production.txt", text = "${file.requirements/production.txt}" }]'''


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


def other_python(folder):
    """Packages of a Python that Debian does not have: its own by another name."""
    for name, needs in (("python3.99", "python3"), ("python3.99-venv", "python3.99, python3-venv")):
        tree = folder / name
        (tree / "DEBIAN").mkdir(parents=True)
        (tree / "DEBIAN" / "control").write_text(f"Package: {name}\nVersion: 1\nArchitecture: all\nDepends: {needs}\n"
                                                 "Maintainer: Nobody <nobody@example.org>\nDescription: another Python\n")
        if needs == "python3":
            (tree / "usr" / "bin").mkdir(parents=True)
            (tree / "usr" / "bin" / name).symlink_to("python3")
        subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, folder / f"{name}.deb"], check=True, stdout=subprocess.DEVNULL)
        yield folder / f"{name}.deb"


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
        index.write(root / "opt" / "pythons", list(other_python(cls.folder / "packages")), cls.folder / "keys")
        cls.key = (root / "opt" / "pythons" / "key.asc").read_text()
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

    def file(self, name, text):
        (self.site.folder / "requirements").mkdir(exist_ok=True)
        (self.site.folder / "requirements" / name).write_text(text)

    def test_4_several_files_of_requirements(self):
        self.site.write(components([], FILES))
        self.site.run("lint", expect=65)
        self.assertIn("requirements/base.txt cannot be opened", self.site.errors)
        self.file("base.txt", "wcwidth==0.9.4\n")
        self.file("production.txt", "-r base.txt\nsqlparse\n")
        self.file("pins.txt", "sqlparse==0.6.1\n")
        self.site.run("apply", "--yes")
        self.assertEqual(self.packages(), {"wcwidth", "sqlparse"})
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        both = self.built()
        self.file("base.txt", "# nothing but what production needs\n")
        self.assertIn("-wcwidth==0.9.4", self.site.run("plan", "--detailed-exitcode", expect=2))
        self.site.run("apply", "--yes")
        self.assertEqual(self.packages(), {"sqlparse"})
        self.site.run("rollback", "--yes")
        self.assertEqual((self.built(), self.packages()), (both, {"wcwidth", "sqlparse"}))
        # What the constraints do not allow is not installed.
        self.file("pins.txt", "sqlparse==0.0.1\n")
        self.site.run("apply", "--yes", expect=5)
        self.assertEqual(self.built(), both)

    def test_4_a_python_of_another_repository(self):
        source = f'source = {{ uri = "file:///opt/pythons", suite = "stable", key = """{self.key}""" }}'
        self.site.write(components(["wcwidth==0.9.4"], f'python = "python3.99"\nimports = ["wcwidth"]\n{source}'))
        self.site.run("apply", "--yes")
        self.assertIn("/usr/bin/python3.99 -m venv", self.lab.on("host1", "cat", "/srv/tools/venv/pyvenv.cfg"))
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.site.run("verify")

    def test_5_gone_from_the_site_leaves_nothing(self):
        found = self.lab.on("host1", "grep", "-rlsF", PASSWORD, "/srv", "/etc", "/var/log", "/var/lib/wright", check=False)
        self.assertEqual(found, "")
        self.site.write("")
        self.site.run("apply", "--yes")
        after = self.lab.snapshot("host1", self.folder / "after.json")
        self.assertEqual(self.lab.differences(self.before, after), "")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
