"""Runs the real wright in a folder of its own."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from json_lines import undocumented  # noqa: E402

WRIGHT = os.environ["WRIGHT"]
# Nothing of the developer's terminal or keys.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}

GOOD = """[site]
name = "shop"

[hosts.web]
address = "192.0.2.10"

[components.memcached]
memory_mb = 64

[components.nginx]
requires = ["memcached"]
sites = [{ name = "shop", server_names = ["shop.example.org"], tls = "self-signed" }]
"""


class WrightCase(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="wright-cli-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def site(self, content, name="site.toml"):
        data = content if isinstance(content, bytes) else content.encode()
        (self.folder / name).write_bytes(data)

    def run_wright(self, *words, expect=None, env=None):
        done = subprocess.run([WRIGHT, *words], cwd=self.folder, env=env or ENVIRONMENT, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60)
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()
        if expect is not None:
            self.assertEqual(done.returncode, expect, f"wright {' '.join(words)}\n{self.out}{self.err}")
        if "--json" in words and "-h" not in words:
            self.assertEqual(undocumented(self.out), [])
        return done.returncode
