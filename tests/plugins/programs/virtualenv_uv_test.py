"""What uv is told of pip's settings when it builds a virtual environment, and that it does not stay; with a pretended Python and uv."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(__file__).resolve().parents[3] / "plugins" / "virtualenv" / "templates" / "build.py"
PYTHON = '''#!/bin/sh
case "$*" in
  "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  *" --target "*) mkdir -p "$6/bin"; cp "$(dirname "$0")/../../uv" "$6/bin/uv" ;;
esac
'''
UV = '''#!{python}
import json, os, sys
if sys.argv[1:] == ["--version"]:
    print("uv {version} (a0b1c2d3 2026-01-05)")
else:
    json.dump([sys.argv[1:], dict(os.environ)], open({told!r}, "w"))
'''
GIVEN = {"PIP_INDEX_URL": "https://it:kanarie@a.example.org/simple", "PIP_EXTRA_INDEX_URL": "https://b.example.org https://c.example.org",
         "PIP_FIND_LINKS": "/opt/wheels https://it:kanarie@d.example.org", "PIP_CONSTRAINT": "/etc/constraints.txt", "PIP_CERT": "/etc/ours.pem",
         "PIP_TRUSTED_HOST": "a.example.org", "PIP_PROXY": "http://it:kanarie@proxy.example.org"}


class Uv(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.home = pathlib.Path(scratch.name)
        self.folder, self.told = self.home / "venv", self.home / "told.json"
        (self.home / "python").write_text(PYTHON)
        (self.home / "python").chmod(0o755)

    def build(self, version, **given):
        (self.home / "uv").write_text(UV.format(python=sys.executable, version=version, told=str(self.told)))
        (self.home / "uv").chmod(0o755)
        return subprocess.run([sys.executable, "-I", "-", self.home / "python", self.folder, "/opt/requirements.txt", "no"], input=BUILD.read_text(),
                              env={"PATH": os.environ["PATH"], "WRIGHT_UV": "uv", **given}, text=True, capture_output=True)

    def test_is_told_what_pip_was(self):
        done = self.build("0.4.23", **GIVEN)
        self.assertEqual(done.returncode, 0, done.stderr)
        argv, environment = json.loads(self.told.read_text())
        self.assertNotIn("kanarie", " ".join(argv))
        self.assertNotIn("--no-index", argv)
        self.assertEqual({name: environment.get(name) for name in (
            "UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "UV_CONSTRAINT", "SSL_CERT_FILE", "UV_INSECURE_HOST", "HTTPS_PROXY", "HTTP_PROXY")}, {
                "UV_DEFAULT_INDEX": GIVEN["PIP_INDEX_URL"], "UV_INDEX": GIVEN["PIP_EXTRA_INDEX_URL"],
                "UV_FIND_LINKS": "/opt/wheels,https://it:kanarie@d.example.org", "UV_CONSTRAINT": GIVEN["PIP_CONSTRAINT"],
                "SSL_CERT_FILE": GIVEN["PIP_CERT"], "UV_INSECURE_HOST": GIVEN["PIP_TRUSTED_HOST"], "HTTPS_PROXY": GIVEN["PIP_PROXY"],
                "HTTP_PROXY": GIVEN["PIP_PROXY"]})
        self.assertEqual(sorted(entry.name for entry in self.folder.iterdir()), [".complete", "bin"])

    def test_an_older_one_is_not_started(self):
        done = self.build("0.4.22", **GIVEN)
        self.assertEqual(done.returncode, 1)
        self.assertIn("set uv_version to 0.4.23 or newer", done.stderr)
        self.assertFalse(self.told.exists())
        self.assertFalse((self.folder / ".complete").exists())

    def test_asks_no_index_when_pip_may_not(self):
        self.build("0.5.31", PIP_NO_INDEX="1", PIP_FIND_LINKS="/opt/wheels")
        argv, environment = json.loads(self.told.read_text())
        self.assertIn("--no-index", argv)
        self.assertNotIn("UV_DEFAULT_INDEX", environment)


if __name__ == "__main__":
    unittest.main()
