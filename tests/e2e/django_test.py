"""A Django application on a real host: deployed, deployed again, refused when its migration fails, and taken back."""
import contextlib
import pathlib
import shutil
import sqlite3
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402
from sample import make_repository  # noqa: E402
from wheels import wheels_for  # noqa: E402
from wrightrun import ROOT  # noqa: E402

APPLICATION = ROOT / "configs" / "raycrafter" / "app"
# What quoting can get wrong on the way through a file, a shell and Python.
PASSWORD = "it's $HOME `id` \"x\" \\ w\u00f6rd"


def components(revision, password=PASSWORD, more="", environment=""):
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')
    return f'''
[components.board]
plugin = "django"
repository = "file:///srv/git/board.git"
revision = "{revision}"
wheels = "/opt/wheels"
offline = true
folders = ["media", "data"]
keep = 2
{more}
[components.board.environment]
SECRET_KEY = "{quoted}0123456789012345678901234567890123456789"
DATABASE_URL = "sqlite:////srv/board/data/db.sqlite3"
ALLOWED_HOSTS = "localhost"
{environment}
[components.board.superuser]
username = "admin"
email = "admin@example.org"
password = "{quoted}"
'''


def requirements():
    """The sample's, without what only the whole stack needs."""
    return "".join(line for line in (APPLICATION / "requirements.txt").read_text().splitlines(True) if not line.startswith("psycopg"))


class DjangoApplication(HostCase):
    @classmethod
    def prepare(cls):
        shutil.copytree(wheels_for(requirements()), cls.root / "opt" / "wheels")
        make_repository(cls.root / "srv" / "git" / "board.git", cls.folder, requirements())
        cls.home = cls.root / "srv" / "board"

    @classmethod
    def components(cls):
        return components("v1")

    def manage(self, *words):
        return self.lab.on("host1", "/srv/board/bin/manage", *words)

    def page(self):
        """The page as Django answers it; nobody serves it here."""
        return self.manage("shell", "-c", "from django.test import Client; print(Client(HTTP_HOST='localhost').get('/').content.decode())")

    def current(self):
        return (self.home / "current").readlink().name

    def environment(self):
        return (self.home / "releases" / self.current() / "venv").readlink().name

    def releases(self):
        return sorted(entry.name for entry in (self.home / "releases").iterdir())

    def test_1_first_release(self):
        out = self.site.run("apply", "--yes", "--verbose")
        self.assertNotIn(PASSWORD, out + self.site.errors)
        self.assertIn("cannot be taken back", out)
        self.assertEqual(self.current(), "v1")
        page = self.page()
        self.assertIn("A row from the database", page)
        self.assertIn("<h1>RayCrafter</h1>", page)
        self.assertTrue(list((self.home / "releases" / "v1" / "static" / "board").glob("page.*.css")))
        self.assertEqual((self.home / "environment").stat().st_mode & 0o777, 0o640)
        self.site.run("verify")

    def test_2_second_apply_changes_nothing(self):
        before = self.snapshot("applied")
        self.assertIn("0 to create, 0 to change, 0 to remove, 27 unchanged", self.site.run("apply", "--yes"))
        self.assert_unchanged(before, "again")

    def test_3_password_is_nowhere_in_the_open(self):
        self.assertEqual(self.files_with(PASSWORD), "")
        self.assertNotIn(PASSWORD, self.lab.on("host1", "journalctl", "--no-pager", "--quiet"))

    def test_4_a_new_password_is_the_one_that_logs_in(self):
        self.site.write(components("v1", password="another one"))
        self.assertIn("1 to change", self.site.run("apply", "--yes"))
        self.site.run("verify")
        self.site.write(components("v1"))
        self.site.run("verify", expect=3)
        self.site.run("apply", "--yes")
        self.site.run("verify")

    def test_5_second_release_and_the_way_back(self):
        self.site.write(components("v2"))
        self.site.run("apply", "--yes")
        self.assertEqual((self.current(), self.releases()), ("v2", ["v1", "v2"]))
        self.assertIn("<h1>Second</h1>", self.page())
        self.assertEqual(len(list((self.home / "venvs").iterdir())), 1)
        self.site.run("rollback", "--yes")
        self.assertEqual((self.current(), self.releases()), ("v1", ["v1"]))
        self.assertIn("<h1>RayCrafter</h1>", self.page())
        self.site.run("apply", "--yes")
        self.assertEqual(self.current(), "v2")

    def test_6_a_migration_that_fails_leaves_the_old_release(self):
        self.site.write(components("v3"))
        out = self.site.run("apply", "--yes", expect=5)
        self.assertIn("this migration fails", out + self.site.errors)
        self.assertEqual((self.current(), self.releases()), ("v2", ["v1", "v2"]))
        self.assertIn("<h1>Second</h1>", self.page())
        # What a failed migration did to the data can be looked up: the one before it was dumped.
        [dump] = (self.home / "dumps").glob("*-before-v3.sqlite3")
        self.assertEqual(dump.stat().st_mode & 0o777, 0o600)
        with contextlib.closing(sqlite3.connect(dump)) as there:
            self.assertGreater(there.execute("SELECT count(*) FROM django_migrations").fetchone()[0], 10)
            self.assertEqual(there.execute("SELECT username FROM auth_user").fetchall(), [("admin",)])
        # Tried again and again, with keep = 2: the first of them is the one that no migration of v3 has touched.
        for _ in range(3):
            self.site.run("apply", "--yes", expect=5)
        dumps = sorted((self.home / "dumps").glob("*-before-v3.sqlite3"))
        self.assertEqual((dumps[0], len(dumps)), (dump, 2))
        self.site.write(components("v2"))
        self.site.run("plan", "--detailed-exitcode")

    def test_7_other_requirements_are_another_environment(self):
        before = self.environment()
        self.site.write(components("v2", more='packages = ["Django==4.2.16", "wcwidth"]'))
        self.site.run("apply", "--yes")
        self.assertNotEqual(self.environment(), before)
        self.site.run("rollback", "--yes")
        self.assertEqual(self.environment(), before)
        self.assertEqual(len(list((self.home / "venvs").iterdir())), 1)

    def test_7_what_the_project_asks_of_the_host(self):
        said = ["dpkg-query", "--show", "--showformat=${db:Status-Abbrev}", "hello"]
        self.assertNotIn("ii", self.lab.on("host1", *said, check=False))
        more = 'requirements_apt = "requirements.apt"\nroot_script = ["./install_os_dependencies.sh", "install"]\n'
        more += 'commands = [{ command = ["shell", "-c", "print(1, file=open(\'/srv/board/data/ran\', \'a\'))"] }]'
        self.site.write(components("v2", more=more))
        self.site.run("apply", "--yes")
        self.site.run("plan", "--detailed-exitcode")
        self.assertIn("ii", self.lab.on("host1", *said))
        self.assertEqual(self.lab.on("host1", "cat", "/run/script-of-the-project"), "0 install code\n")
        self.assertEqual((self.home / "data" / "ran").read_text(), "1\n")
        # Once for each release, whatever else changes.
        self.site.write(components("v2", more=more, environment='TIME_ZONE = "Europe/Berlin"'))
        self.site.run("apply", "--yes")
        self.assertEqual((self.home / "data" / "ran").read_text(), "1\n")
        self.site.run("rollback", "--yes")
        self.site.run("rollback", "--yes")
        self.assertNotIn("ii", self.lab.on("host1", *said, check=False))

    def test_8_old_releases_go(self):
        for name in ("a", "b"):
            self.site.write(components("v2", more=f'release = "{name}"'))
            self.site.run("apply", "--yes")
        self.assertEqual(self.releases(), ["a", "b"])

    def test_8_folders_and_logs(self):
        self.site.write(components("v2", more='release = "b"\nfolder_modes = { data = "0751" }\nlog_folders = ["data"]'))
        self.site.run("apply", "--yes")
        self.assertEqual((self.home / "data").stat().st_mode & 0o777, 0o751)
        # A program that keeps its log open goes on in the same file.
        with open(self.home / "data" / "board.log", "a") as log:
            print("before", file=log, flush=True)
            self.lab.on("host1", "chown", "board:", "/srv/board/data/board.log")
            self.lab.on("host1", "logrotate", "--state=/run/rotated", "--force", "/etc/logrotate.d/django-board")
            print("after", file=log, flush=True)
        self.assertEqual([(self.home / "data" / name).read_text() for name in ("board.log.1", "board.log")], ["before\n", "after\n"])

    def test_9_gone_from_the_site_leaves_nothing(self):
        self.site.write("")
        self.site.run("apply", "--yes")
        self.assertFalse(self.home.exists())
        self.assert_unchanged(self.before, "after")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
