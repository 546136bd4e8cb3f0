"""A site with an encrypted file of secrets that is not made yet, and what the tests of `wright secrets` ask of it."""
import json
import pathlib
import re
import subprocess

from wright_process import ENVIRONMENT, GOOD, WRIGHT, WrightCase

SITE = GOOD.replace('name = "shop"\n', 'name = "shop"\nsecrets = "secrets.age"\n', 1) + """
[components.postgresql]
roles = [{ name = "db", password = "${secret.db}" }, { name = "api", password = "${secret.api}" }]
"""
CANARY = "canary-7Zk9q"
MEMORY = pathlib.Path("/dev/shm")


class SecretsCase(WrightCase):
    def setUp(self):
        super().setUp()
        self.identity = self.folder / "home/.config/wright/identity.txt"
        self.env = {**ENVIRONMENT, "HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "tmp")}
        (self.folder / "home").mkdir()
        (self.folder / "tmp").mkdir()
        self.store = self.folder / "secrets.age"
        self.site(SITE)
        self.edits_before = self.edits()

    def edits(self):
        return {path.name for path in MEMORY.glob("wright-edit.*")}

    def secrets(self, *words, expect=0, stdin=b"", **env):
        done = subprocess.run([WRIGHT, "secrets", *words], cwd=self.folder, env={**self.env, **env}, input=stdin,
                              capture_output=True, timeout=60)
        self.out, self.err = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(done.returncode, expect, f"secrets {' '.join(words)}\n{self.out}{self.err}")
        self.assertNotIn(CANARY, self.out + self.err)

    def clear_text(self):
        return subprocess.run(["age", "--decrypt", "-i", self.identity, self.store], capture_output=True, check=True,
                              timeout=60).stdout.decode()

    def values(self):
        return dict(re.findall(r'^(\S+) = "(.*)"$', self.clear_text(), re.MULTILINE))

    def editor(self, script):
        path = self.folder / "editor"
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o700)
        return str(path)

    def states(self):
        self.secrets("list", "--json")
        return {one["name"]: one["state"] for one in json.loads(self.out.splitlines()[0])["secrets"]}
