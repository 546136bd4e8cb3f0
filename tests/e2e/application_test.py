"""The sample application with all that serves it on a real host: PostgreSQL, RabbitMQ, Memcached, Django, Celery, Gunicorn, nginx.

Deployed, deployed again under load, refused when its migration fails, and taken back."""
import contextlib
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402
from load import Load, fetch  # noqa: E402
from login import log_in  # noqa: E402
from sample import make_repository  # noqa: E402
from waiting import wait_until  # noqa: E402
from wheels import wheels_for  # noqa: E402
from wrightrun import LAB_TOOL, ROOT  # noqa: E402

REQUIREMENTS = (ROOT / "configs" / "raycrafter" / "app" / "requirements.txt").read_text()
HOST = "board.example.org"
STYLE = r'href="(/static/board/page\.[0-9a-f]+\.css)"'
PASSWORD = "kanarie-admin-password"
SECRET_KEY = "kanarie $HOME `id` 'x' \\\\ 0123456789012345678901234567890123456789"
# The broker's store, the cluster's files and beat's schedule are written whenever their servers like.
BUSY = ("/var/lib/rabbitmq/mnesia/*", "/var/lib/postgresql/15/main/*", "/var/lib/celery/schedule*", "/var/log/rabbitmq/*", "/var/log/postgresql/*")
UNITS = ("gunicorn", "celery", "celery-beat", "nginx", "memcached", "postgresql@15-main", "rabbitmq-server")
COUNT = "/run/systemd/system/$unit.service.d/count.conf"
COUNTING = """[Service]
ExecStartPre=+/bin/sh -c "echo started %N >>/run/happened"
ExecReload=+/bin/sh -c "echo reloaded %N >>/run/happened"
"""
EACH_ONCE = ["reloaded gunicorn", "started celery", "started celery-beat"]
SITE = '''
[components.postgresql]
memory_percent = 5
roles = [{{ name = "board", password = "kanarie-database" }}]
databases = [{{ name = "board", owner = "board" }}]

[components.rabbitmq]
admin_password = "kanarie-admin"
vhosts = ["board"]
users = [{{ name = "board", password = "kanarie-broker" }}]
disk_free_mb = 50

[components.memcached]

[components.board]
plugin = "django"
repository = "file:///srv/git/board.git"
revision = "{revision}"
wheels = "/opt/wheels"
offline = true
requires = ["memcached"]
superuser = {{ username = "admin", email = "admin@example.org", password = "{password}" }}
{django}
[components.board.environment]
SECRET_KEY = "{secret_key}"
DATABASE_URL = "${{postgresql.url.board}}"
BROKER_URL = "${{rabbitmq.url}}"
CACHE_URL = "memcached://127.0.0.1:11211"
ALLOWED_HOSTS = "board.example.org"
{environment}
[components.gunicorn]
app = "config.wsgi:application"
python = "${{board.python}}"
directory = "${{board.path}}"
run = "${{board.run}}"
user = "${{board.user}}"
reload_on = "${{board.restart_on}}"
workers = 2
verify_host = "board.example.org"
verify_path = "/health/"
{gunicorn}
{celery}
[components.nginx]
requires = ["memcached"]
[[components.nginx.sites]]
name = "board"
server_names = ["board.example.org"]
tls = "self-signed"
upstream = ["unix:${{gunicorn.socket}}"]
static = [{{ path = "/static/", directory = "${{board.static}}", fallback = "${{board.static_before}}", verify = "board/page.css" }}, {{ path = "/media/", directory = "${{board.media}}" }}]
error_page_folder = "${{board.path}}/board/templates"
verify_contains = "{verify}"
'''
CELERY = '''
[components.celery]
app = "config"
python = "${board.python}"
directory = "${board.path}"
run = "${board.run}"
user = "${board.user}"
restart_on = "${board.restart_on}"
workers = [{ queues = ["celery"], concurrency = 2 }]
beat = true
'''


def components(revision="v1", secret_key=SECRET_KEY, django="", environment="", gunicorn="", celery=CELERY, verify="19 + 23 = 42", password=PASSWORD):
    return SITE.format(**locals())


class Application(HostCase):
    @classmethod
    def prepare(cls):
        subprocess.run(["cp", "-a", str(wheels_for(REQUIREMENTS)), str(cls.root / "opt" / "wheels")], check=True)
        make_repository(cls.root / "srv" / "git" / "board.git", cls.folder, REQUIREMENTS)
        cls.home = cls.root / "srv" / "board"

    @classmethod
    def components(cls):
        return components()

    def apply(self, expect=0, **options):
        self.site.write(components(**options))
        return self.site.run("apply", "--yes", expect=expect)

    def fetch(self, path="/"):
        status, text = fetch(self.address, HOST, path)
        self.assertEqual(status, 200, text)
        return text

    def current(self):
        return (self.home / "current").readlink().name

    def units(self):
        """When each was started, and what the workers of Gunicorn are."""
        out = self.lab.on("host1", "systemctl", "show", "--value", "--property=ActiveEnterTimestampMonotonic", *UNITS)
        names = ("gunicorn", "celery", "beat", "nginx", "memcached", "postgresql", "rabbitmq")
        return dict(zip(names, out.split()), workers=self.lab.on("host1", "pgrep", "-P", self.main_pid("gunicorn")).split())

    def main_pid(self, unit):
        return self.lab.on("host1", "systemctl", "show", "--value", "--property=MainPID", unit).strip()

    @contextlib.contextmanager
    def counted(self):
        """Gives a list that has, when this ends, every start and reload of the units. The journal may lose some under load."""
        self.lab.on("host1", "sh", "-ec", f"for unit in {' '.join(UNITS)}; do mkdir -p $(dirname {COUNT}); echo '{COUNTING}' >{COUNT}; done; systemctl daemon-reload")
        happened = []
        yield happened
        happened += sorted(self.lab.on("host1", "sh", "-c", f"cat /run/happened; for unit in {' '.join(UNITS)}; do rm {COUNT}; done; rm -f /run/happened;"
                                       "systemctl daemon-reload", check=False).splitlines())

    def changed(self, before):
        return {name for name, value in self.units().items() if value != before[name]}

    def database(self, statements, name="board"):
        return self.lab.on("host1", "runuser", "-u", "postgres", "--", "psql", "-Atc", statements, name)

    def under_load(self, **options):
        with Load(self.address, HOST, "/health/") as load, Load(self.address, HOST, "/", threads=1, follow=STYLE) as pages:
            self.apply(**options)
        self.assertEqual(load.failures + pages.failures, [])
        self.assertGreater(load.answered, 100)
        self.assertEqual(len(pages.followed), 2, "the style of both releases was asked for")
        print(f"{load.answered} requests answered, none failed")

    def test_1_first_apply(self):
        out = self.site.run("apply", "--yes", "--verbose")
        self.assertNotIn("kanarie", out + self.site.errors)
        page = self.fetch()
        self.assertIn("A row from the database", page)
        self.assertIn("Row (postgresql)", page)
        self.assertIn("19 + 23 = 42", page)
        self.assertIn("42, hit", self.fetch())
        self.assertIn("font", self.fetch(re.search(STYLE, page).group(1)))
        self.lab.on("host1", "runuser", "-u", "board", "--", "sh", "-c", "echo uploaded >/srv/board/media/by-the-application")
        self.assertEqual(self.fetch("/media/by-the-application"), "uploaded\n")
        log_in_with = [log_in(self.address, HOST, "/admin/login/", "admin", password, "/admin/") for password in ("wrong", PASSWORD)]
        self.assertEqual(log_in_with, [302, 200])
        self.site.run("verify")

    def test_2_second_apply_changes_nothing(self):
        before, running = self.snapshot("applied"), self.units()
        self.assertIn("0 to create, 0 to change, 0 to remove", self.apply())
        self.assertEqual(self.changed(running), set())
        after = self.snapshot("again")
        self.assertEqual(self.lab.differences(before, after, BUSY), "")

    def test_3_secrets_are_nowhere_in_the_open(self):
        found = self.lab.on("host1", "/bin/sh", "-c", "find / -xdev -path /proc -prune -o -path /usr -prune -o -type f -perm -004 -print0 | xargs -0 grep -lsF -e kanarie; "
                            "journalctl --no-pager --quiet | grep -F kanarie; cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -aF 'kanarie-'", check=False)
        self.assertEqual([line for line in found.splitlines() if "grep" not in line], [])
        # Nothing needs the superuser's once it is set.
        self.assertEqual(self.files_with(PASSWORD), "")
        self.assertNotEqual(self.files_with(SECRET_KEY.split()[-1]), "", "what the application needs is not found either: the search is blind")

    def test_4_second_release_under_load_and_back(self):
        before, open_page = self.units(), self.fetch()
        with self.counted() as happened:
            self.under_load(revision="v2")
        self.assertIn("<h1>Second</h1>", self.fetch())
        self.assertNotIn("#123456", self.fetch(re.search(STYLE, open_page).group(1)))
        self.assertIn("#123456", self.fetch(re.search(STYLE, self.fetch()).group(1)))
        self.assertEqual(self.changed(before), {"workers", "celery", "beat"})
        self.assertEqual(happened, EACH_ONCE)
        before = self.units()
        with self.counted() as happened, Load(self.address, HOST, "/health/") as load, Load(self.address, HOST, "/", threads=1) as pages:
            self.site.run("rollback", "--yes")
        self.assertEqual(load.failures + pages.failures, [])
        self.assertIn("<h1>RayCrafter</h1>", self.fetch())
        self.assertEqual(self.changed(before), {"workers", "celery", "beat"})
        self.assertEqual(happened, EACH_ONCE)

    def test_5_a_migration_that_fails_leaves_the_old_release(self):
        before = self.units()
        out = self.apply(expect=5, revision="v3")
        self.assertIn("this migration fails", out + self.site.errors)
        self.assertEqual(self.current(), "v1")
        self.assertEqual(self.changed(before), set())
        self.assertIn("19 + 23 = 42", self.fetch())
        # The database as it was before that migration can be had back.
        [dump] = (self.home / "dumps").glob("*-before-v3.dump")
        self.assertEqual(dump.stat().st_mode & 0o777, 0o600)
        self.database("CREATE TABLE came_later (number integer); DROP TABLE board_note")
        commands = re.search(r"```sh\n(.*?)```", (ROOT / "plugins" / "django" / "README.md").read_text(), re.DOTALL).group(1)
        for name, value in (("NAME", "board"), ("OWNER", "board"), ("UNITS", "gunicorn celery celery-beat"), ("ROOT/dumps/TIME-before-RELEASE.dump",
                                                                                                        "/" + str(dump.relative_to(self.root)))):
            commands, count = re.subn(rf"\b{name}(?![A-Z])", value, commands)
            self.assertGreater(count, 0, name)
        self.lab.on("host1", "sh", "-ec", commands)
        self.assertEqual(self.database("SELECT to_regclass('came_later'), count(*) FROM board_note"), "|1\n")
        self.assertEqual(self.database("SELECT to_regclass('came_later') IS NULL", "board_failed"), "f\n")
        self.lab.on("host1", "runuser", "-u", "postgres", "--", "dropdb", "board_failed")
        self.apply()
        self.assertIn("A row from the database", self.fetch())

    def test_6_changes_reach_what_depends_on_them(self):
        # Of requirements, environment and configuration; test_4 has the code.
        for options, expected in (
            ({"environment": 'TIME_ZONE = "Europe/Berlin"'}, EACH_ONCE),
            ({"environment": 'TIME_ZONE = "Europe/Berlin"', "django": 'packages = ["wcwidth"]'}, EACH_ONCE),
            ({"gunicorn": "threads = 2"}, EACH_ONCE),
            ({"gunicorn": "threads = 3"}, ["reloaded gunicorn"]),
            ({"celery": CELERY.replace("concurrency = 2", "concurrency = 3")}, ["reloaded gunicorn", "started celery"]),
            ({"verify": "42, hit", "celery": CELERY.replace("concurrency = 2", "concurrency = 3")}, []),
        ):
            with self.subTest(options=options):
                before = self.units()
                with self.counted() as happened:
                    self.apply(**options)
                self.assertEqual(happened, expected)
                processes = {"gunicorn": "workers", "celery": "celery", "celery-beat": "beat"}
                self.assertEqual(self.changed(before), {processes[one.split()[1]] for one in expected})
        self.site.run("verify")

    def test_6_gunicorn_logs_to_files_and_to_syslog(self):
        # Something the application started lives beside its workers.
        child = "extra = ['import subprocess', 'def on_starting(server): subprocess.Popen([\"/bin/sleep\", \"86399\"])']"
        self.apply(gunicorn=f'log_folder = "/var/log/gunicorn"\naccess_log = true\nsyslog = "udp://127.0.0.1:12303"\n{child}')
        folder = self.root / "var" / "log" / "gunicorn"
        self.assertEqual(folder.stat().st_mode & 0o777, 0o750)
        listener = ("import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 12303)); s.settimeout(20)\n"
                    "print('listening', flush=True)\nwhile b'heard-by-syslog' not in (line := s.recv(65536)): pass\nprint(line.decode())")
        with subprocess.Popen([LAB_TOOL, "exec", "host1", "--name", self.lab.name, "--", "python3", "-c", listener], stdout=subprocess.PIPE, text=True) as heard:
            self.assertEqual(heard.stdout.readline(), "listening\n")
            self.fetch("/health/?heard-by-syslog")
            self.assertIn("gunicorn", heard.stdout.read())
        self.assertIn("heard-by-syslog", (folder / "access.log").read_text())
        self.assertIn("Booting worker", (folder / "error.log").read_text())
        # Rotated under load: every request is in the old file or the new one.
        children = self.lab.on("host1", "pgrep", "--full", "^/bin/sleep 86399").split()
        with Load(self.address, HOST, "/health/?rotated") as load:
            self.lab.on("host1", "logrotate", "--force", "/etc/logrotate.d/gunicorn")
            wait_until(lambda: "rotated" in (folder / "access.log").read_text())
        self.assertEqual(load.failures, [])

        def logged():
            return sum((folder / name).read_text().count("?rotated") for name in ("access.log", "access.log.1"))

        # A worker writes the line when the answer has gone out.
        wait_until(lambda: logged() >= load.answered)
        self.assertEqual(logged(), load.answered)
        self.assertEqual(self.lab.on("host1", "pgrep", "--full", "^/bin/sleep 86399").split(), children)

    def test_6_a_dead_gunicorn_has_the_projects_error_page(self):
        self.lab.on("host1", "systemctl", "stop", "gunicorn")
        status, text = fetch(self.address, HOST, "/health/")
        self.lab.on("host1", "systemctl", "start", "gunicorn")
        self.assertEqual(status, 502)
        self.assertIn("<h1>RayCrafter has an error</h1>", text)
        wait_until(lambda: fetch(self.address, HOST, "/health/")[0] == 200)

    def test_7_code_that_does_not_load_is_not_served(self):
        before = self.units()
        self.apply(expect=5, revision="v4")
        self.assertEqual(self.current(), "v1")
        self.assertIn("19 + 23 = 42", self.fetch())
        self.assertEqual(self.units()["gunicorn"], before["gunicorn"])
        # Nor is what Django's own check finds unfit to be deployed.
        before = self.units()
        self.apply(expect=5, django='check = "warning"', environment='DEBUG = "yes"')
        self.assertIn("security.W018", self.site.errors)
        self.assertEqual(self.changed(before), set())
        self.assertIn("19 + 23 = 42", self.fetch())

    def test_8_celery_leaves_the_site(self):
        (self.home / "media" / "kept.txt").write_text("kept\n")
        # Nothing but the wait for them lets tasks finish here: stopped, a worker has a second.
        self.apply(celery=CELERY.replace("concurrency = 2", "concurrency = 2, prefetch = 1") + "stop_timeout_s = 1\ndrain_s = 60\n")
        # Two that run, and two that are reserved.
        self.lab.on("host1", "/srv/board/bin/manage", "shell", "-c", "from board.tasks import slow\n"
                    "for n in range(4): slow.delay(f'/srv/board/media/begun-{n}', f'/srv/board/media/done-{n}', 8)")
        media = self.home / "media"
        wait_until(lambda: list(media.glob("begun-*")))
        self.assertEqual(list(media.glob("done-*")), [])
        self.apply(celery="", verify="no result")
        self.assertEqual(len(list(media.glob("done-*"))), 4, "a task that a worker had was not waited for")
        self.assertNotEqual(self.lab.on("host1", "systemctl", "is-active", "celery", check=False).strip(), "active")
        self.assertIn("no result", self.fetch())

    def test_9_gone_from_the_site_leaves_nothing(self):
        self.apply()
        self.site.write("")
        self.site.run("apply", "--yes")
        self.assert_unchanged(self.before, "after")
        kept = list((self.root / "var" / "lib" / "wright").rglob("kept.txt"))
        self.assertEqual([file.read_text() for file in kept], ["kept\n"])


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
