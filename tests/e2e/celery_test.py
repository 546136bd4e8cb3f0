"""Celery alone on a real host: limits as asked for, variables of one program, a scheduler of the project's, logs that are rotated, Flower."""
import json
import pathlib
import subprocess
import sys
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402
from waiting import wait_until  # noqa: E402
from wheels import wheels_for  # noqa: E402

REQUIREMENTS = "celery==5.4.0\nflower==2.0.1\n"
APPLICATION = '''import os
import celery
from celery.beat import PersistentScheduler

folder = "/dev/shm/queues"  # a broker without a server
tasks = celery.Celery("application", broker="filesystem://", backend="file://" + folder)
tasks.conf.broker_transport_options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder + "/control"}


@tasks.task(name="variables")
def variables():
    return [os.environ[name] for name in ("OURS", "THEIRS", "WORKER")]


class Scheduler(PersistentScheduler):
    def setup_schedule(self):
        super().setup_schedule()
        with open("/dev/shm/scheduler", "w") as out:
            out.write(os.environ["WORKER"])
'''
# Gives a program variables, as ${django.run} does.
RUN = '#!/bin/sh\nexport OURS=run THEIRS=run WORKER=run\nexec "$@"\n'
SITE = '''
[components.celery]
app = "application:tasks"
python = "/usr/bin/python3"
directory = "/opt/application"
run = "/opt/run"
user = "nobody"
group = "nogroup"
environment = { PYTHONPATH = "/opt/packages", OURS = "component" }
beat = true
beat_scheduler = "application:Scheduler"
beat_environment = { WORKER = "beat's" }
flower_port = 5555
flower_address = "0.0.0.0"
log_folder = "/var/log/celery"
log_keep = 3
verify_task = "variables"
verify_arguments = "[]"
verify_contains = "it's"
verify_timeout_s = 5

[[components.celery.workers]]
autoscale_min = 1
autoscale_max = 3
prefetch = 2
time_limit_s = 90
soft_time_limit_s = 60
max_tasks_per_child = 7
environment = { WORKER = "it's $HOME", THEIRS = "worker" }

[[components.celery.workers]]
name = "threads"
queues = ["other"]
pool = "threads"
concurrency = 5
environment = { WORKER = "it's" }
'''


class Celery(HostCase):
    @classmethod
    def prepare(cls):
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--root-user-action=ignore", "--no-deps",
                        "--find-links", wheels_for(REQUIREMENTS), "--target", cls.root / "opt" / "packages",
                        *(wheel.name.split("-")[0] for wheel in wheels_for(REQUIREMENTS).glob("*.whl"))], check=True)
        cls.lab.on("host1", "apt-get", "--quiet=2", "install", "--yes", "--no-install-recommends", "python3")
        cls.lab.on("host1", "install", "--directory", "--owner=nobody", "/dev/shm/queues", "/dev/shm/queues/control")
        (cls.root / "opt" / "application").mkdir()
        (cls.root / "opt" / "application" / "application.py").write_text(APPLICATION)
        (cls.root / "opt" / "run").write_text(RUN)
        (cls.root / "opt" / "run").chmod(0o755)

    @classmethod
    def components(cls):
        return SITE

    def celery(self, *words):
        return self.lab.on("host1", "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", "/etc/celery/celery/run", "/usr/bin/python3", "-m",
                           "celery", "--app=application:tasks", *words)

    def log(self, name):
        return self.root / "var" / "log" / "celery" / name

    def test_1_limits_are_as_asked_for(self):
        self.site.run("apply", "--yes")
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        stats = json.loads(self.celery("inspect", "stats", "--json", "--timeout=20"))
        [first] = (value for name, value in stats.items() if name.startswith("celery@"))
        [threads] = (value for name, value in stats.items() if name.startswith("celery-threads@"))
        self.assertEqual((first["autoscaler"]["min"], first["autoscaler"]["max"]), (1, 3))
        self.assertEqual(first["pool"]["timeouts"], [60, 90])
        self.assertEqual(first["pool"]["max-tasks-per-child"], 7)
        self.assertEqual(first["prefetch_count"] % 2, 0)
        self.assertIn("thread", threads["pool"]["implementation"])
        self.assertEqual(threads["pool"]["max-concurrency"], 5)

    def test_2_variables_of_one_program(self):
        # A worker's own win over those of the program `run`, which win over the component's.
        self.assertEqual([self.environment("celery")[name] for name in ("OURS", "THEIRS", "WORKER")], ["run", "worker", "it's $HOME"])
        self.assertEqual([self.environment("celery-threads")[name] for name in ("OURS", "THEIRS", "WORKER")], ["run", "run", "it's"])
        self.assertEqual(self.lab.on("host1", "cat", "/dev/shm/scheduler"), "beat's")

    def test_3_a_variable_of_one_restarts_that_one(self):
        before = {unit: self.pid(unit) for unit in ("celery", "celery-threads", "celery-beat", "celery-flower")}
        self.site.write(SITE.replace('{ WORKER = "it\'s" }', '{ WORKER = "it\'s another" }'))
        self.site.run("apply", "--yes")
        self.assertEqual({unit for unit in before if self.pid(unit) != before[unit]}, {"celery-threads"})
        self.assertEqual(self.environment("celery-threads")["WORKER"], "it's another")

    def test_4_flower_shows_the_workers(self):
        def seen():
            with urllib.request.urlopen(f"http://{self.lab.address('host1')}:5555/workers?json=1", timeout=10) as answer:
                return json.dumps(json.load(answer))
        wait_until(lambda: "celery-threads@" in seen() and "celery@" in seen())

    def test_5_a_rotated_log_is_opened_anew(self):
        self.assertEqual(self.log("celery.log").parent.stat().st_mode & 0o777, 0o750)
        self.assertIn("ready", self.log("celery.log").read_text())
        self.lab.on("host1", "logrotate", "--state=/run/rotated", "--force", "/etc/logrotate.d/celery")
        self.assertEqual(self.log("celery.log").read_text(), "")
        self.site.run("verify")
        self.assertIn("variables", self.log("celery.log").read_text())
        self.assertNotIn("variables", self.log("celery-beat.log").read_text())

    def test_6_verify_tells_who_does_nothing(self):
        # Both workers answer, but one takes no task any more.
        self.celery("control", "cancel_consumer", "celery", "--timeout=20")
        self.site.run("verify", expect=3)
        self.assertIn("variables comes back with its result", self.site.errors)
        self.assertNotIn("no answer from", self.site.errors)
        self.assertIn("no result through the default queue", self.site.errors)
        self.lab.on("host1", "systemctl", "restart", "celery")
        # It runs for systemd, and does nothing.
        self.lab.on("host1", "systemctl", "kill", "--signal=STOP", "celery-threads")
        self.site.run("verify", expect=3)
        self.assertRegex(self.site.errors, "no answer from celery-threads@host1")
        self.lab.on("host1", "systemctl", "kill", "--signal=CONT", "celery-threads")
        self.site.run("verify")

    def test_9_gone_from_the_site_leaves_nothing(self):
        self.site.write("")
        self.site.run("apply", "--yes")
        self.assert_unchanged(self.before, "after")

    def pid(self, unit):
        return self.lab.on("host1", "systemctl", "show", "--value", "--property=MainPID", unit).strip()

    def environment(self, unit):
        text = self.lab.on("host1", "cat", f"/proc/{self.pid(unit)}/environ")
        return dict(pair.split("=", 1) for pair in text.split("\0") if pair)


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
