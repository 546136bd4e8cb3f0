"""When PostgreSQL's dumps are encrypted, that none of them is ever in plain, and what a killed run leaves; with a pretended server and the
real age."""
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[3] / "plugins" / "postgresql" / "templates" / "backup.sh"
# Each program of the server. A dump is text; "fail" and "hang" in the folder say what pg_dump does after half of it.
SERVER = '''#!/bin/bash
set -e
file=/dev/stdout
for word; do case $word in --file=*) file=${word#--file=} ;; esac; done
case ${0##*/} in
  pg_dump)
    echo half of "${@: -1}" >"$file"
    if [ -e hang ]; then touch hanging; sleep 60; fi
    [ ! -e fail ]
    echo the rest >>"$file" ;;
  pg_restore) case "$*" in *--list*) ;; *) grep -q "the rest" "${@: -1}"; echo "${@: -1}" >>../restored ;; esac ;;
  psql) echo 0 ;;
esac
'''


class Backup(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.home = pathlib.Path(scratch.name)
        for folder in ("bin", "dumps", "tmp"):
            (self.home / folder).mkdir()
        for name in ("pg_dump", "pg_restore", "psql", "createdb", "dropdb"):
            (self.home / "bin" / name).write_text(SERVER)
            (self.home / "bin" / name).chmod(0o755)
        subprocess.run(["age-keygen", "--output", self.home / "key"], check=True, capture_output=True)
        self.key = subprocess.run(["age-keygen", "-y", self.home / "key"], check=True, capture_output=True, text=True).stdout.strip()

    def start(self, *words, key=None, **options):
        program = SCRIPT.read_text()
        for name, value in (("port", 5432), ("programs", self.home / "bin"), ("directory", self.home / "dumps"), ("databases", "shop"), ("keep", 7),
                            ("weeks", 0), ("months", 0), ("encrypted", "yes" if key else "no"), ("recipients", f"--recipient {key}" if key else "")):
            program = program.replace("{{%s}}" % name, str(value))
        script = self.home / "backup"
        script.write_text(program)
        script.chmod(0o755)
        return subprocess.Popen([script, *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                                env={**os.environ, "TMPDIR": str(self.home / "tmp")}, **options)

    def run_it(self, *words, key=None, expect=0):
        with self.start(*words, key=key) as running:
            out, err = running.communicate(timeout=30)
        self.assertEqual(running.returncode, expect, out + err)
        return out + err

    def there(self, folder="dumps"):
        return sorted(entry.name for entry in (self.home / folder).iterdir())

    def all_in_plain(self):
        return [path for path in self.home.rglob("*") if path.is_file() and path.parent.name != "bin" and b"half of shop" in path.read_bytes()]

    def kill_while_it_dumps(self, *words, key, signalled):
        (self.home / "dumps" / "hang").touch()
        with self.start(*words, key=key) as running:
            while not (self.home / "dumps" / "hanging").exists():
                self.assertIsNone(running.poll(), "it ended by itself")
                time.sleep(0.02)
            plain = self.all_in_plain()
            os.killpg(running.pid, signalled)
        (self.home / "dumps" / "hang").unlink()
        (self.home / "dumps" / "hanging").unlink()
        return plain

    def test_an_encrypted_dump_can_be_opened_with_the_key(self):
        self.run_it(key=self.key)
        [dump] = (self.home / "dumps").iterdir()
        self.assertTrue(dump.name.endswith("Z.dump.age"), dump)
        self.assertEqual(dump.stat().st_mode & 0o777, 0o600)
        opened = subprocess.run(["age", "--decrypt", "--identity", self.home / "key", dump], check=True, capture_output=True, text=True).stdout
        self.assertEqual(opened, "half of shop\nthe rest\n")

    def test_nothing_is_in_plain_while_it_dumps(self):
        self.assertEqual(self.kill_while_it_dumps(key=self.key, signalled=signal.SIGKILL), [])

    def test_half_a_dump_is_none(self):
        (self.home / "dumps" / "fail").touch()
        for key in (self.key, None, "age1typo"):
            self.run_it(key=key, expect=1)
            self.assertEqual(self.there(), ["fail"])

    def test_what_a_killed_run_left_goes_with_the_next_start(self):
        self.kill_while_it_dumps(key=None, signalled=signal.SIGKILL)
        self.assertEqual(len(self.there()), 1)
        for name in ("gone-20200101T000000Z.part", "shop-20200101T000000Z.age.part", "shop-20200101T000000Z.check"):
            (self.home / "dumps" / name).touch()
        (self.home / "dumps" / "of somebody else.part").touch()
        (self.home / "tmp" / "postgresql-backup.0123456789").mkdir()
        self.run_it(key=self.key)
        [other, dump] = self.there()
        self.assertEqual(other, "of somebody else.part")
        self.assertTrue(dump.endswith(".dump.age"), dump)
        self.assertEqual(self.there("tmp"), [])

    def test_a_dump_that_is_being_made_is_not_taken_for_a_leftover(self):
        (self.home / "dumps" / "shop-20200101T000000Z.dump").write_text("the rest")
        (self.home / "dumps" / "hang").touch()
        with self.start() as running:
            while not (self.home / "dumps" / "hanging").exists():
                time.sleep(0.02)
            self.run_it("check")
            self.assertEqual(len([name for name in self.there() if name.endswith(".part")]), 1)
            os.killpg(running.pid, signal.SIGKILL)

    def test_plain_dumps_of_before_do_not_pass_for_encrypted_ones(self):
        self.run_it()
        for action in ("check", "list"):
            said = self.run_it(action, key="age1typo", expect=1)
            self.assertIn("cannot be encrypted for backup_recipients", said)
            self.assertEqual(len(self.there()), 1)
        self.assertIn("all backups are good", self.run_it("check", key=self.key))
        self.assertEqual([name.split(".", 1)[1] for name in self.there()], ["dump", "dump.age"])

    def test_a_newer_plain_dump_does_not_pass_either(self):
        (self.home / "dumps" / "shop-99990101T000000Z.dump").write_text("the rest")
        self.assertIn("is not encrypted", self.run_it("check", key=self.key, expect=1))

    def test_keys_that_age_refuses_are_found_out_with_encrypted_dumps_there(self):
        self.run_it(key=self.key)
        self.assertIn("cannot be encrypted", self.run_it("check", key="age1typo", expect=1))

    def test_the_dump_that_is_restored_in_place_of_an_encrypted_one_is_nowhere_afterwards(self):
        self.run_it("check", key=self.key)
        self.run_it("list", key=self.key)
        restored = (self.home / "restored").read_text().splitlines()
        self.assertEqual(len(restored), 2)
        for path in restored:
            self.assertTrue(path.startswith(f"{self.home}/tmp/postgresql-backup."), path)
        self.assertEqual((self.there("tmp"), self.all_in_plain()), ([], []))

    def test_nor_when_the_check_is_ended(self):
        self.run_it(key=self.key)
        self.kill_while_it_dumps("check", key=self.key, signalled=signal.SIGTERM)
        self.assertEqual((self.there("tmp"), self.all_in_plain()), ([], []))

    def test_nor_when_it_is_killed_and_starts_again(self):
        self.run_it(key=self.key)
        self.kill_while_it_dumps("check", key=self.key, signalled=signal.SIGKILL)
        self.assertEqual(len(self.there("tmp")), 1)
        self.run_it(key=self.key)
        self.assertEqual((self.there("tmp"), self.all_in_plain()), ([], []))


if __name__ == "__main__":
    unittest.main()
