"""Secrets in a file encrypted with age: made, changed and used, and in clear text nowhere."""
import os
import pathlib
import pty
import re
import signal
import stat
import subprocess
import termios
import time
import unittest

from secrets_case import CANARY, MEMORY, SITE, SecretsCase
from wright_process import GOOD, WRIGHT


def files_below(top, began=0):
    """In what appeared there since; what goes away meanwhile is passed over."""
    for entry in os.scandir(top):
        try:
            if entry.stat(follow_symlinks=False).st_mtime < began:
                continue
        except OSError:
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield entry.name
            continue
        for folder, _, names in os.walk(entry.path):
            yield from (os.path.relpath(os.path.join(folder, name), top) for name in names)


class Init(SecretsCase):
    def test_makes_an_identity_and_a_value_for_each_name(self):
        self.secrets("init")
        self.assertIn(str(self.identity), self.err)
        self.assertIn("Keep a copy", self.err)
        values = self.values()
        self.assertEqual(sorted(values), ["api", "db"])
        for value in values.values():
            self.assertRegex(value, r"^[A-Za-z0-9]{50}$")
            self.assertNotIn(value, self.out + self.err)
        self.assertNotEqual(values["api"], values["db"])
        for path, mode in (self.store, 0o600), (self.identity, 0o600), (self.identity.parent, 0o700):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), mode, path)

    def test_never_overwrites(self):
        self.secrets("init")
        before, identity = self.store.read_bytes(), self.identity.read_bytes()
        self.secrets("init", expect=1)
        self.assertIn("is there already", self.err)
        self.store.unlink()
        self.secrets("init")
        self.assertEqual(self.identity.read_bytes(), identity)
        self.assertNotEqual(self.store.read_bytes(), before)

    def test_needs_a_name_for_the_file(self):
        self.site(GOOD)
        self.secrets("init", expect=65)
        self.assertIn('secrets = "secrets.age"', self.err)
        self.assertFalse(self.identity.exists())

    def test_identity_is_where_the_environment_says(self):
        elsewhere = self.folder / "elsewhere"
        self.secrets("init", XDG_CONFIG_HOME=str(elsewhere))
        self.assertTrue((elsewhere / "wright/identity.txt").exists())
        self.secrets("list", WRIGHT_IDENTITY=str(elsewhere / "wright/identity.txt"))
        self.secrets("list", expect=65)
        self.assertIn(str(self.identity), self.err)
        self.assertIn("WRIGHT_IDENTITY", self.err)

    def test_without_age_says_what_to_install(self):
        self.secrets("init", expect=1, PATH=str(self.folder))
        self.assertIn("apt-get install age", self.err)
        self.assertFalse(self.store.exists())


class Set(SecretsCase):
    def setUp(self):
        super().setUp()
        self.secrets("init")

    def test_from_standard_input(self):
        api = self.values()["api"]
        self.secrets("set", "db", stdin=f"{CANARY}\n".encode())
        self.assertEqual(self.values(), {"api": api, "db": CANARY})

    def test_never_as_a_word_and_never_without_a_value(self):
        before = self.store.read_bytes()
        self.secrets("set", "db", "value", expect=64)
        self.secrets("set", "db", expect=64)
        self.secrets("set", "db", expect=64, stdin=b"\n")
        self.secrets("set", "db", expect=64, stdin=b"a\0b")
        self.secrets("set", "d.b", expect=64, stdin=b"x")
        self.secrets("set", "db", expect=65, stdin=b"\xff\xfe")
        self.assertEqual(self.store.read_bytes(), before)

    def test_generated(self):
        self.secrets("set", "db", "--generate", "--length", "20")
        self.assertRegex(self.values()["db"], r"^[A-Za-z0-9]{20}$")
        first = self.values()["db"]
        self.secrets("set", "db", "--generate")
        self.assertRegex(self.values()["db"], r"^[A-Za-z0-9]{50}$")
        self.assertFalse(self.values()["db"].startswith(first))
        self.secrets("set", "db", "--generate", "--length", "5", expect=64)
        self.secrets("set", "db", "--generate", "--length", "0", expect=64)
        self.secrets("list", "--generate", expect=64)

    def test_a_misspelt_name_is_told(self):
        self.site(SITE.replace("secret.api", "secret.api_key"))
        self.secrets("set", "apikey", "--generate")
        self.assertIn('did you mean "api_key"?', self.err)

    def at_a_terminal(self, *typed):
        """Types each line when it is asked for; what the terminal showed, and the exit code."""
        controller, terminal = pty.openpty()
        running = subprocess.Popen([WRIGHT, "secrets", "set", "db"], cwd=self.folder, env=self.env, stdin=terminal,
                                   stdout=terminal, stderr=terminal, start_new_session=True)
        shown = b""
        try:
            for line in typed:
                asked = shown.count(b": ")
                while shown.count(b": ") == asked:
                    shown += os.read(controller, 4096)
                if isinstance(line, signal.Signals):
                    self.assertFalse(termios.tcgetattr(terminal)[3] & termios.ECHO)
                    running.send_signal(line)
                else:
                    os.write(controller, line.encode() + b"\n")
            code = running.wait(timeout=60)
            self.assertTrue(termios.tcgetattr(terminal)[3] & termios.ECHO, "the terminal stays silent")
            os.set_blocking(controller, False)
            try:
                shown += os.read(controller, 65536)
            except BlockingIOError:
                pass
        finally:
            running.kill()
            running.wait()
            os.close(terminal)
            os.close(controller)
        return shown.decode(), code

    def test_typed_unseen(self):
        shown, code = self.at_a_terminal(CANARY, CANARY)
        self.assertEqual(code, 0, shown)
        self.assertNotIn(CANARY, shown)
        self.assertEqual(self.values()["db"], CANARY)

    def test_typed_differently_changes_nothing(self):
        before = self.store.read_bytes()
        shown, code = self.at_a_terminal(CANARY, CANARY + "x")
        self.assertEqual(code, 64, shown)
        self.assertIn("differ", shown)
        self.assertEqual(self.store.read_bytes(), before)

    def test_a_signal_gives_the_terminal_back(self):
        before = self.store.read_bytes()
        _, code = self.at_a_terminal(signal.SIGINT)
        self.assertEqual(code, 130)
        self.assertEqual(self.store.read_bytes(), before)


class Use(SecretsCase):
    def test_list_knows_used_unused_and_missing(self):
        self.secrets("list", expect=65)
        self.assertIn("wright secrets init", self.err)
        self.secrets("init")
        self.secrets("set", "old", "--generate")
        self.site(SITE.replace("secret.api", "secret.new"))
        self.assertEqual(self.states(), {"api": "unused", "db": "used", "new": "missing", "old": "unused"})

    def plan(self, expect, site=SITE):
        """With a host that refuses at once, secrets having been read; how often age was started."""
        self.site(site.replace('"192.0.2.10"', '"127.0.0.1"\nport = 1'))
        log = self.folder / "started"
        log.write_text("")
        shim = self.folder / "age"
        shim.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec /usr/bin/age "$@"\n')
        shim.chmod(0o700)
        self.run_wright("plan", expect=expect, env={**self.env, "PATH": f"{self.folder}:/usr/bin:/bin"})
        self.assertNotIn(CANARY, self.out + self.err)
        return len(log.read_text().splitlines())

    def test_round_trip(self):
        self.secrets("init")
        self.assertEqual(self.states(), {"api": "used", "db": "used"})
        self.secrets("set", "db", stdin=CANARY.encode())
        self.run_wright("lint", expect=0, env=self.env)
        self.assertEqual(self.plan(expect=4), 1)

    def test_age_is_not_started_for_a_site_that_needs_no_secret(self):
        self.secrets("init")
        self.assertEqual(self.plan(4, SITE.replace("${secret.db}", "a.example").replace("${secret.api}", "b.example")), 0)

    def test_a_missing_value_is_told_at_its_place(self):
        self.secrets("init")
        self.plan(65, SITE.replace("secret.api", "secret.new"))
        self.assertIn("site.toml:17:", self.err)
        self.assertIn("wright secrets set new --generate", self.err)

    def test_another_identity_and_a_broken_file(self):
        self.secrets("init")
        self.secrets("set", "db", stdin=CANARY.encode())
        mine = self.identity.read_bytes()
        self.identity.unlink()
        subprocess.run(["age-keygen", "-o", self.identity], check=True, capture_output=True, timeout=60)
        self.secrets("list", expect=65)
        self.assertIn("is not encrypted to the identity in", self.err)
        self.identity.write_bytes(mine)
        sealed = self.store.read_bytes()
        self.store.write_bytes(sealed[:200])
        self.secrets("list", expect=65)
        self.assertIn("is broken", self.err)

    def test_a_colleague_is_let_in(self):
        self.secrets("init")
        theirs = self.folder / "theirs.txt"
        made = subprocess.run(["age-keygen", "-o", theirs], check=True, capture_output=True, timeout=60).stderr.decode()
        colleague = made.split()[-1]
        recipients = self.folder / "secrets.recipients"
        recipients.write_text(colleague + "\n")
        self.secrets("rekey", expect=65)
        self.assertIn("add your own public key", self.err)
        me = re.search("public key: (.*)", self.identity.read_text()).group(1)
        recipients.write_text(f"# the team\n{me}\n{colleague}\n")
        self.secrets("list", expect=65, WRIGHT_IDENTITY=str(theirs))
        self.secrets("rekey")
        self.secrets("set", "db", stdin=CANARY.encode(), WRIGHT_IDENTITY=str(theirs))
        self.assertEqual(self.values()["db"], CANARY)

    def test_clear_text_is_read_as_before_and_never_written(self):
        clear = f'db = "{CANARY}"\napi = "y"\n'
        self.store.write_text(clear)
        self.store.chmod(0o600)
        self.assertEqual(self.states(), {"api": "used", "db": "used"})
        self.secrets("set", "db", "--generate", expect=65)
        self.secrets("edit", expect=65, EDITOR="false")
        self.assertIn("age --encrypt", self.err)
        self.assertEqual(self.store.read_text(), clear)
        self.store.chmod(0o644)
        self.secrets("list", expect=65)
        self.assertIn("chmod 600", self.err)

    def test_no_secret_is_in_a_file(self):
        began = time.time() - 1
        self.secrets("init")
        self.secrets("set", "db", stdin=CANARY.encode())
        self.secrets("edit", EDITOR=self.editor('sed -i s/^api.*/api=\\"$(echo dlrow | rev)-canary\\"/ "$1"\n'))
        self.plan(4)
        wanted = [CANARY.encode(), b"world-canary", *(value.encode() for value in self.values().values())]
        # What appeared in the folders for such files since the test began; other tests run at the same time.
        found = [self.folder / name for name in files_below(self.folder)]
        for top in (pathlib.Path("/tmp"), MEMORY):
            found += [top / name for name in files_below(top, began)]
        searched = 0
        for path in found:
            try:
                status = path.lstat()
                if not stat.S_ISREG(status.st_mode) or status.st_mtime < began or status.st_size > 1 << 20:
                    continue
                content = path.read_bytes()
            except OSError:
                continue  # of another test, gone by now
            searched += 1
            for value in wanted:
                self.assertNotIn(value, content, path)
        self.assertGreaterEqual(searched, 3)

    def test_no_secret_is_written_or_said_but_through_pipes(self):
        self.secrets("init")
        trace = self.folder / "trace"
        subprocess.run(["strace", "-f", "-y", "-s", "4096", "-o", trace, "-e",
                        "trace=execve,write,pwrite64,writev,sendto,sendmsg", WRIGHT, "secrets", "set", "db"],
                       cwd=self.folder, env=self.env, input=CANARY.encode(), check=True, capture_output=True, timeout=60)
        lines = [line for line in trace.read_text().splitlines() if CANARY in line]
        self.assertGreaterEqual(len(lines), 2, "to age, and from it")
        for line in lines:
            self.assertRegex(line, r"^\d+ +(write|sendto)\(\d+<(pipe|socket|UNIX[^>]*):", line)


if __name__ == "__main__":
    unittest.main()
