"""What a Django project's database is dumped to, and which dumps stay; with a pretended Django of before 3.2, whose client knows
no settings_to_cmd_args_env, and a pretended pg_dump."""
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

TEMPLATES = pathlib.Path(__file__).resolve().parents[3] / "plugins" / "django" / "templates"
CONNECTION = '''
class connection:
    vendor = "{vendor}"
    settings_dict = {settings}
    pg_version = 150018
'''
EXECUTOR = '''
class MigrationExecutor:
    def __init__(self, connection):
        self.loader = self.graph = self
        self.applied_migrations = {1}

    def leaf_nodes(self):
        return ["leaf"]

    def migration_plan(self, leaves):
        return leaves
'''
PG_DUMP = '''#!/bin/sh
[ "$1" != --version ] || {{ echo "pg_dump (PostgreSQL) {version}.4 (Debian {version}.4-1.pgdg)"; exit 0; }}
for word; do case $word in --file=*) echo "$PGPASSWORD $PGDATABASE $PGSSLMODE $*" >"${{word#--file=}}" ;; esac; done
exit {code}
'''


class Dump(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.home = pathlib.Path(scratch.name)
        for folder in ("bin", "dumps", "releases", "venvs", "packages/django/db/migrations"):
            (self.home / folder).mkdir(parents=True)
        (self.home / "packages/django/db/migrations/executor.py").write_text(EXECUTOR)
        self.database = self.home / "db.sqlite3"
        with sqlite3.connect(self.database) as there:
            there.execute("CREATE TABLE note (text)")
        self.sqlite()

    def sqlite(self):
        (self.home / "packages/django/db/__init__.py").write_text(CONNECTION.format(vendor="sqlite", settings={"NAME": str(self.database)}))

    def postgresql(self, version, code):
        settings = {"NAME": "board", "USER": "it", "PASSWORD": "kanarie", "HOST": "", "PORT": 5433, "OPTIONS": {"sslmode": "require", "pool": True}}
        (self.home / "packages/django/db/__init__.py").write_text(CONNECTION.format(vendor="postgresql", settings=settings))
        program = self.home / "bin" / "pg_dump"
        program.write_text(PG_DUMP.format(version=version, code=code))
        program.chmod(0o755)

    def dump(self, release="v2", expect=0):
        program = (TEMPLATES / "dump.py").read_text()
        for name, value in (("folder", self.home / "dumps"), ("release", release), ("current", self.home / "current")):
            program = program.replace("{{%s}}" % name, str(value))
        done = subprocess.run([sys.executable, "-c", "import sys; exec(sys.stdin.read())"], input=program, text=True, capture_output=True,
                              env={**os.environ, "PYTHONPATH": str(self.home / "packages"), "PATH": f"{self.home}/bin:/usr/bin:/bin"})
        self.assertEqual(done.returncode, expect, done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        return done.stderr

    def dumps(self):
        return sorted(entry.name for entry in (self.home / "dumps").iterdir())

    def clean(self, keep):
        program = self.home / "bin" / "release"
        program.write_text((TEMPLATES / "release.py").read_text())
        subprocess.run([sys.executable, "-I", str(program), "clean", str(keep)], check=True)

    def switch(self, release):
        (self.home / "releases" / release).mkdir()
        (self.home / "current").unlink(missing_ok=True)
        (self.home / "current").symlink_to(self.home / "releases" / release)

    def test_the_first_dump_of_a_release_outlives_every_retry(self):
        self.dump("v1")
        self.switch("v1")
        [of_v1] = self.dumps()
        self.dump("v2")
        first = self.dumps()[1]
        for _ in range(7):
            self.dump("v2")
        left = self.dumps()
        self.assertEqual(left[:2], [of_v1, first])
        self.assertEqual(len(left), 3, "those between the first and the last fill the disk")
        self.clean(2)
        self.assertEqual(self.dumps(), left)
        self.dump("v3")
        self.switch("v3")
        self.clean(2)
        self.assertEqual(self.dumps()[:2], left[1:])
        self.assertEqual(len(self.dumps()), 3)

    def test_a_release_that_was_switched_to_keeps_its_dump_when_it_is_migrated_again(self):
        self.dump("v1")
        self.switch("v1")
        before = self.dumps()
        for _ in range(3):
            self.dump("v1")
        self.assertEqual(len(self.dumps()), 3)
        self.assertEqual(self.dumps()[:1], before)

    def test_what_was_dumped_in_part_goes(self):
        (self.home / "dumps" / "20200101T000000Z-before-v0.dump.part").write_text("half")
        self.postgresql(version=15, code=1)
        self.dump(expect=1)
        self.assertEqual(self.dumps(), [])

    def test_a_database_that_cannot_be_copied_is_said(self):
        self.database.write_text("this is no database, and longer than its header would be. " * 20)
        self.assertIn("cannot copy the database", self.dump(expect=1))
        self.assertEqual(self.dumps(), [])

    def test_postgresql(self):
        self.postgresql(version=15, code=0)
        self.dump()
        [dump] = (self.home / "dumps").iterdir()
        self.assertEqual(dump.stat().st_mode & 0o777, 0o600)
        said = dump.read_text()
        self.assertTrue(said.startswith("kanarie board require --format=custom --no-password --file="), said)
        self.assertTrue(said.endswith("--username=it --port=5433\n"), said)

    def test_an_older_client_is_said(self):
        self.postgresql(version=13, code=1)
        self.assertIn('name "postgresql-client-15" in apt_packages', self.dump(expect=1))
        self.postgresql(version=15, code=1)
        self.assertNotIn("postgresql-client", self.dump(expect=1))


if __name__ == "__main__":
    unittest.main()
