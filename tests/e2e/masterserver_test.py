"""The whole master server of configs/raycrafter on a real host, as an operator meets it: deployed, looked at, changed, broken, taken apart."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import masterserver  # noqa: E402
from pages import page  # noqa: E402
from wrightrun import Lab, Site  # noqa: E402

NAME = "raycrafter.example.org"
BAD_MIGRATION = """from django.db import migrations


def fail(apps, editor):
    raise RuntimeError("this migration fails")


class Migration(migrations.Migration):
    dependencies = [("board", "0002_first_note")]
    operations = [migrations.RunPython(fail)]
"""


def more_releases(tree):
    html = tree / "board" / "templates" / "board" / "page.html"
    html.write_text(html.read_text().replace("<h1>RayCrafter</h1>", "<h1>Second</h1>"))
    masterserver.release(tree, "v2")
    (tree / "board" / "migrations" / "0003_fails.py").write_text(BAD_MIGRATION)
    masterserver.release(tree, "v3")


class Load:
    """Asks for a page again and again until the end of the block, each time over a new connection."""

    def __init__(self, address):
        self.address, self.asked, self.failed, self.end = address, 0, [], threading.Event()
        self.threads = [threading.Thread(target=self.ask) for _ in range(4)]

    def ask(self):
        while not self.end.is_set():
            try:
                answer = page(self.address, "/health/", NAME)
            except OSError as error:
                answer = str(error)
            self.asked += 1
            if " 200 " not in answer.split("\r\n")[0]:
                self.failed.append(answer[:200])

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        for thread in self.threads:
            thread.join()


class MasterServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.lab("reset", "host1")
        cls.scratch = tempfile.TemporaryDirectory(prefix="wright-e2e-")
        cls.folder = pathlib.Path(cls.scratch.name)
        os.environ["WRIGHT_IDENTITY"] = str(cls.folder / "identity.txt")
        masterserver.prepare_host(cls.lab.root("host1"), more_releases)
        cls.before = cls.lab.snapshot("host1", cls.folder / "before.json")
        cls.site = Site(cls.lab, "")
        cls.hosts = cls.lab("site", "host1=master")
        cls.write()
        cls.site.run("secrets", "init")
        cls.address = cls.lab.address("host1")

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__()
        cls.scratch.cleanup()

    @classmethod
    def write(cls, change=lambda text: text):
        (cls.site.folder / "site.toml").write_text(masterserver.site_file(cls.hosts, change((masterserver.CONFIGS / "site.toml").read_text())))

    def revision(self, tag):
        self.write(lambda text: text.replace('revision = "v1"', f'revision = "{tag}"'))

    def started(self):
        """When each of the programs began to run."""
        units = ["postgresql@15-main", "rabbitmq-server", "memcached", "gunicorn", "celery", "celery-beat", "nginx"]
        out = self.lab.on("host1", "/bin/systemctl", "show", "--property=MainPID", "--value", *units)
        return dict(zip(units, out.split()))

    def test_1_one_command_serves_the_page(self):
        self.site.run("apply", "--yes", timeout=600)
        page(self.address, "/", NAME)
        answer = page(self.address, "/", NAME)
        for text in ("A row from the database", "Row (postgresql)", "42, hit", "19 + 23 = 42"):
            self.assertIn(text, answer)
        style = re.search(r'href="(/static/[^"]+)"', answer).group(1)
        self.assertIn("200 OK", page(self.address, style, NAME))
        self.assertIn("Content-Type: text/css", page(self.address, style, NAME))
        self.site.run("verify")

    def test_2_nothing_is_left_to_do(self):
        started = self.started()
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "memcached", "--yes"))
        self.site.run("verify", "postgresql")
        self.assertEqual(self.started(), started)

    def test_3_no_secret_lies_in_the_open(self):
        secrets = subprocess.run(["age", "--decrypt", "--identity", str(self.folder / "identity.txt"), str(self.site.folder / "secrets.age")],
                                 check=True, capture_output=True, text=True).stdout
        values = re.findall(r'=\s*"([^"]{16,})"', secrets)
        self.assertGreaterEqual(len(values), 5)
        patterns = self.lab.root("host1") / "run-patterns"
        patterns.write_text("\n".join(values) + "\n")
        patterns.chmod(0o600)
        try:
            open_files = self.lab.on("host1", "/bin/sh", "-c", "find / -xdev -path /proc -prune -o -type f -perm -004 -print0 | "
                                     "xargs -0 grep -lsF -f /run-patterns", check=False)
            logs = self.lab.on("host1", "/bin/sh", "-c", "grep -rlsF -f /run-patterns /var/log; journalctl -q -o cat | grep -cF -f /run-patterns", check=False)
            journal = self.lab.on("host1", "/bin/sh", "-c", "grep -lsaF -f /run-patterns /var/lib/wright/state.db /proc/[0-9]*/cmdline", check=False)
        finally:
            patterns.unlink()
        self.assertEqual((open_files, logs.strip(), journal), ("", "0", ""))
        self.assertEqual([path.name for path in self.site.folder.iterdir() if path.is_file() and any(value in path.read_text(errors="replace") for value in values)], [])

    def test_4_a_new_revision_and_back_without_a_lost_request(self):
        started = self.started()
        self.revision("v2")
        with Load(self.address) as load:
            self.site.run("apply", "--yes")
            self.assertIn("<h1>Second</h1>", page(self.address, "/", NAME))
            self.site.run("rollback", "--yes")
            self.assertIn("<h1>RayCrafter</h1>", page(self.address, "/", NAME))
        self.assertGreater(load.asked, 100)
        self.assertEqual(load.failed, [])
        now = self.started()
        self.assertEqual({unit for unit in now if now[unit] != started[unit]}, {"celery", "celery-beat"})
        self.site.run("verify", expect=3)  # the site file wants v2
        self.revision("v1")
        self.site.run("plan", "--detailed-exitcode")

    def test_5_a_migration_that_fails_leaves_the_old_release(self):
        started = self.started()
        self.revision("v3")
        with Load(self.address) as load:
            self.site.run("apply", "--yes", expect=5)
        self.assertIn("this migration fails", self.site.errors)
        self.assertEqual((load.failed, self.started()), ([], started))
        self.revision("v1")
        self.site.run("plan", "--detailed-exitcode")
        self.assertIn("<h1>RayCrafter</h1>", page(self.address, "/", NAME))

    def test_6_a_change_restarts_what_depends_on_it(self):
        started = self.started()
        self.write(lambda text: text.replace('TIME_ZONE = "Europe/Berlin"', 'TIME_ZONE = "UTC"'))
        self.site.run("apply", "--yes")
        now = self.started()
        self.assertEqual({unit for unit in now if now[unit] != started[unit]}, {"celery", "celery-beat"})  # gunicorn reloads
        self.write()
        self.site.run("apply", "--yes")

    def test_7_celery_leaves_the_site(self):
        self.write(lambda text: re.sub(r"(?s)\[components\.celery\].*?\n\n", "", text).replace('"gunicorn", "celery"', '"gunicorn"'))
        self.site.run("apply", "--yes")
        self.assertEqual(self.lab.on("host1", "/bin/sh", "-c", "systemctl list-units --all --plain --no-legend 'celery*'; ls /etc/celery", check=False), "")
        self.write()
        self.site.run("apply", "--yes")
        self.site.run("verify")

    def test_8_a_dead_server_is_named(self):
        self.lab.on("host1", "/bin/systemctl", "stop", "rabbitmq-server")
        out = self.site.run("verify", expect=3) + self.site.errors
        self.assertIn("rabbitmq", out)
        out = self.site.run("plan", "--detailed-exitcode", expect=2)
        self.assertIn("service:rabbitmq-server", out)
        self.site.run("apply", "--yes")
        self.site.run("verify")

    def test_9_gone_without_a_trace(self):
        (self.site.folder / "site.toml").write_text('[site]\nname = "raycrafter"\n\n' + self.hosts)
        self.site.run("apply", "--yes", timeout=600)
        after = self.lab.snapshot("host1", self.folder / "after.json")
        self.assertEqual(self.lab.differences(self.before, after), "")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
