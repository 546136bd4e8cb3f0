"""Supervisor on a real host: one program changes without the others, a bad one is refused, Gunicorn and Celery run under it, all is taken back."""
import base64
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from waiting import wait_until  # noqa: E402
from wheels import wheels_for  # noqa: E402
from wrightrun import ROOT, Lab, Site  # noqa: E402

CANARY = "canary 50% it's;#1"
REQUIREMENTS = (ROOT / "configs" / "raycrafter" / "app" / "requirements.txt").read_text()
APPLICATION = '''import os
import celery
from celery.events.snapshot import Polaroid

folder = "/dev/shm/queues"  # a broker without a server
tasks = celery.Celery("application", broker="filesystem://", backend="file://" + folder)
tasks.conf.broker_transport_options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder + "/control"}


class Camera(Polaroid):
    def on_shutter(self, state):
        with open("/dev/shm/seen", "w") as seen:
            print(*state.workers, file=seen)


def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"version {os.environ['VERSION']} by {os.getuid()}".encode()]
'''


def program(name, command, more=""):
    return f'[[components.supervisor.programs]]\nname = "{name}"\ncommand = {command}\nuser = "nobody"\n{more}\n'


def served(version):
    """An application that Supervisor runs: what serves its pages, and what does its tasks."""
    common = f'''runner = "supervisor"
supervisor_socket = "${{supervisor.socket}}"
python = "/usr/bin/python3"
directory = "/opt/application"
user = "nobody"
group = "nogroup"
environment = {{ PYTHONPATH = "/opt/packages", VERSION = "{version}", TOKEN = "{CANARY}" }}
'''
    return f'''
[components.gunicorn]
app = "application:page"
bind = ["0.0.0.0:8000"]
workers = 1
verify_contains = "version {version}"
{common}
[components.celery]
app = "application:tasks"
workers = [{{ concurrency = 1 }}]
camera = "application:Camera"
camera_frequency_s = 0.5
{common}'''


def components(web="300", more="", mail=True, version="1", server=""):
    text = "[components.supervisor]\n" + server
    text += program("web", f'["/bin/sleep", "{web}"]', f'numprocs = 2\nstopwaitsecs = 5\nenvironment = {{ TOKEN = "{CANARY}" }}')
    text += program("steady", '["/bin/sleep", "infinity"]')
    if mail:
        text += program("mail", '["/bin/sh", "-c", "echo posting; exec sleep 400"]')
        text += '[[components.supervisor.groups]]\nname = "messages"\nprograms = ["mail"]\n'
    return text + more + served(version)


class Supervisor(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.lab("reset", "host1")
        root = self.lab.root("host1")
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--root-user-action=ignore", "--no-deps",
                        "--find-links", wheels_for(REQUIREMENTS), "--target", root / "opt" / "packages", *REQUIREMENTS.split()], check=True)
        self.lab.on("host1", "install", "--directory", "--owner=nobody", "/dev/shm/queues", "/dev/shm/queues/control")
        application = root / "opt" / "application"
        application.mkdir()
        (application / "application.py").write_text(APPLICATION)
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)

    def status(self):
        """Each process by its full name: its state, and its pid while it runs."""
        lines = self.lab.on("host1", "supervisorctl", "status", check=False).splitlines()
        found = {}
        for line in lines:
            pid = re.search(r"pid (\d+)", line)
            found[line.split()[0]] = (line.split()[1], pid.group(1) if pid else None)
        return found

    def running(self, *names):
        """Pids of the programs; those of the application are besides."""
        status = {name: one for name, one in self.status().items() if name not in ("gunicorn", "celery", "celery-camera")}
        self.assertEqual(sorted(status), sorted(names))
        self.assertEqual({state for state, _ in status.values()}, {"RUNNING"}, status)
        return {name: pid for name, (_, pid) in status.items()}

    def page(self):
        with urllib.request.urlopen(f"http://{self.lab.address('host1')}:8000/", timeout=10) as answer:
            return answer.read().decode()

    def status_page(self, password):
        """Supervisor's own page, or the status it is refused with."""
        words = {"Authorization": "Basic " + base64.b64encode(f"it:{password}".encode()).decode()} if password else {}
        try:
            with urllib.request.urlopen(urllib.request.Request(f"http://{self.lab.address('host1')}:9001/", headers=words), timeout=10) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def served(self):
        """Pid of Gunicorn, those of its workers, how often it was started or reloaded; pid of Celery, how often it was started."""
        pids = {name: pid for name, (_, pid) in self.status().items()}
        log = self.lab.on("host1", "cat", "/var/log/supervisor/gunicorn.log")
        starts = self.lab.on("host1", "cat", "/var/log/supervisor/supervisord.log").count("spawned: 'celery' with")
        return pids["gunicorn"], self.lab.on("host1", "pgrep", "-P", pids["gunicorn"]).split(), log.count("Starting gunicorn"), pids["celery"], starts

    def apply(self, site, text=None):
        if text is not None:
            site.write(text)
        return site.run("apply", "--yes")

    def test_made_changed_broken_and_taken_back(self):
        (self.lab.root("host1") / "opt" / "ctl.conf").write_text("[supervisorctl]\n")
        before = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "before.json")
        everything = ("web:web_0", "web:web_1", "steady", "messages:mail")
        with Site(self.lab, components()) as site:
            self.apply(site)
            first = self.running(*everything)
            environment = self.lab.on("host1", "cat", f"/proc/{first['web:web_0']}/environ")
            self.assertIn(f"TOKEN={CANARY}\0", environment)
            socket = self.lab.on("host1", "stat", "-c", "%a %U", "/run/supervisor.sock").strip()
            self.assertEqual(socket, "700 root")
            self.assertNotIn("supervisord", self.lab.on("host1", "ss", "-Htlnp"))

            start = time.monotonic()
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
            print(f"no change: {time.monotonic() - start:.3f} s", file=sys.stderr)
            site.run("verify")

            # The application's surroundings change: Gunicorn is reloaded in its process, Celery restarted, each once; then back.
            self.assertEqual(self.page(), "version 1 by 65534")
            wait_until(lambda: "celery@host1" in self.lab.on("host1", "cat", "/dev/shm/seen", check=False))
            main, workers, starts, celery, spawned = self.served()
            self.apply(site, components(version="2"))
            self.assertEqual(self.page(), "version 2 by 65534")
            again = self.served()
            self.assertEqual((again[0], again[2]), (main, starts + 1))
            self.assertNotEqual(again[1], workers)
            self.assertNotEqual(again[3], celery)
            self.assertEqual(again[4], spawned + 1)
            self.assertEqual(self.running(*everything), first)
            site.run("rollback", "--yes")
            self.assertEqual(self.page(), "version 1 by 65534")
            # What does not load is refused, and the workers go on.
            before_refusal = self.served()
            site.write(components().replace('app = "application:page"', 'app = "application:page"\nextra = ["no_such_name"]'))
            site.run("apply", "--yes", expect=None)
            self.assertNotEqual(site.code, 0)
            self.assertIn("no_such_name", site.errors)
            self.assertEqual(self.served()[0], before_refusal[0])
            self.assertEqual(self.page(), "version 1 by 65534")

            # One changes; supervisord and the others stay as they are.
            daemon = self.lab.on("host1", "cat", "/run/supervisord.pid")
            self.apply(site, components(web="301"))
            second = self.running(*everything)
            self.assertNotEqual(second["web:web_0"], first["web:web_0"])
            self.assertIn("301", self.lab.on("host1", "cat", f"/proc/{second['web:web_1']}/cmdline"))
            for name in ("steady", "messages:mail"):
                self.assertEqual(second[name], first[name])

            # One leaves, with its group.
            self.apply(site, components(web="301", mail=False))
            third = self.running("web:web_0", "web:web_1", "steady")
            self.assertEqual(third, {name: second[name] for name in third})
            self.assertNotIn("sleep 400", self.lab.on("host1", "ps", "-eo", "args"))

            # And back, step by step.
            site.run("rollback", "--yes")
            fourth = self.running(*everything)
            self.assertEqual(fourth["web:web_0"], second["web:web_0"])
            site.run("rollback", "--yes")
            fifth = self.running(*everything)
            self.assertIn("300", self.lab.on("host1", "cat", f"/proc/{fifth['web:web_0']}/cmdline"))
            self.assertEqual(fifth["steady"], first["steady"])

            # What supervisord would not start with is refused before any of it is there.
            site.write(components(more=program("ghost", '["/bin/true"]', 'log = "/nowhere/x.log"')))
            site.run("apply", "--yes", expect=None)
            self.assertNotEqual(site.code, 0)
            self.assertIn("/nowhere", site.errors)
            self.assertEqual(self.running(*everything), fifth)

            # A program that gives up takes the change back, and says what it wrote.
            site.write(components(web="301", more=program("broken", '["/bin/sh", "-c", "echo no such board; exit 3"]',
                                                           "startretries = 1")))
            site.run("apply", "--yes", expect=None)
            self.assertNotEqual(site.code, 0)
            self.assertIn("no such board", site.errors)
            sixth = self.running(*everything)
            self.assertIn("300", self.lab.on("host1", "cat", f"/proc/{sixth['web:web_0']}/cmdline"))
            self.assertEqual(sixth["steady"], first["steady"])
            self.assertEqual(self.lab.on("host1", "cat", "/run/supervisord.pid"), daemon)

            # Stopped and edited behind wright's back.
            site.write(components())
            self.lab.on("host1", "supervisorctl", "stop", "web:*")
            self.lab.on("host1", "sed", "-i", "s/sleep/cat/", "/etc/supervisor/conf.d/mail.conf")
            site.run("verify", expect=None)
            self.assertRegex(site.errors, r"web:web_\d is STOPPED")
            plan = site.run("plan", expect=None)
            self.assertIn("program:web", plan)
            self.assertIn("/etc/supervisor/conf.d/mail.conf", plan)
            self.apply(site)
            self.running(*everything)

            # Its page, for whoever has the password.
            self.apply(site, components(server='http_port = 9001\nhttp_address = "0.0.0.0"\nhttp_user = "it"\nhttp_password = "canary-50%"\n'))
            self.running(*everything)
            self.assertEqual([self.status_page(password) for password in (None, "canary-51%")], [401, 401])
            self.assertIn("steady", self.status_page("canary-50%"))

            # Its socket, for a group that has the password; and logs elsewhere.
            login = 'socket_mode = "0770"\nsocket_owner = "root:adm"\nsocket_user = "ops"\nsocket_password = "canary-%41"\nlog_folder = "/srv/supervisor"\n'
            self.apply(site, components(server=login))
            seventh = self.running(*everything)
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
            site.run("verify")
            asked = [self.lab.on("host1", "supervisorctl", "-c", "/opt/ctl.conf", "-s", "unix:///run/supervisor.sock", *words, "status", check=False)
                     for words in ([], ["-u", "ops", "-p", "canary-A"], ["-u", "ops", "-p", "canary-%41"])]
            self.assertNotIn("steady", asked[0] + asked[1])
            self.assertIn("steady", asked[2])
            self.assertEqual(self.lab.on("host1", "cat", "/srv/supervisor/mail.log"), "posting\n")
            self.apply(site, components(server=login, web="302"))
            eighth = self.running(*everything)
            self.assertNotEqual(eighth["web:web_0"], seventh["web:web_0"])
            self.assertEqual(eighth["steady"], seventh["steady"])
            for _ in range(2):
                site.run("rollback", "--yes")
                self.running(*everything)
            self.assertIn("steady", self.lab.on("host1", "supervisorctl", "-c", "/opt/ctl.conf", "-s", "unix:///run/supervisor.sock", "status"))
            self.apply(site, components(server=login))

            shown = self.lab.on("host1", "sh", "-c", "ps -eo args; journalctl --no-pager; cat /var/log/supervisor/supervisord.log /srv/supervisor/supervisord.log")
            self.assertNotIn("canary", shown)
            readable = self.lab.on("host1", "sh", "-c", "find /etc /srv /var/log /var/lib/wright /run -xdev -type f -perm -o=r -print0 | xargs -0 -r grep -l canary",
                                   check=False)
            self.assertEqual(readable.strip(), "")
            site.write("")
            self.apply(site)
            self.assertNotIn("celery", self.lab.on("host1", "ps", "-eo", "args"))
        self.assertNotIn("sleep", self.lab.on("host1", "ps", "-eo", "args"))
        after = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "after.json")
        self.assertEqual(self.lab.differences(before, after), "")


if __name__ == "__main__":
    unittest.main()
