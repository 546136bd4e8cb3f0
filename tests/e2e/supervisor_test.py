"""Supervisor on a real host: one program changes without the others, a bad one is refused, all of it is taken back."""
import pathlib
import re
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from wrightrun import Lab, Site  # noqa: E402

CANARY = "canary 50% it's;#1"


def program(name, command, more=""):
    return f'[[components.supervisor.programs]]\nname = "{name}"\ncommand = {command}\nuser = "nobody"\n{more}\n'


def components(web="300", more="", mail=True):
    text = "[components.supervisor]\n"
    text += program("web", f'["/bin/sleep", "{web}"]', f'numprocs = 2\nstopwaitsecs = 5\nenvironment = {{ TOKEN = "{CANARY}" }}')
    text += program("steady", '["/bin/sleep", "infinity"]')
    if mail:
        text += program("mail", '["/bin/sh", "-c", "echo posting; exec sleep 400"]')
        text += '[[components.supervisor.groups]]\nname = "messages"\nprograms = ["mail"]\n'
    return text + more


class Supervisor(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.lab("up", "1")
        self.lab("reset", "host1")
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
        status = self.status()
        self.assertEqual(sorted(status), sorted(names))
        self.assertEqual({state for state, _ in status.values()}, {"RUNNING"}, status)
        return {name: pid for name, (_, pid) in status.items()}

    def apply(self, site, text=None):
        if text is not None:
            site.write(text)
        return site.run("apply", "--yes")

    def test_made_changed_broken_and_taken_back(self):
        before = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "before.json")
        everything = ("web:web_0", "web:web_1", "steady", "messages:mail")
        with Site(self.lab, components()) as site:
            self.apply(site)
            first = self.running(*everything)
            environment = self.lab.on("host1", "cat", f"/proc/{first['web:web_0']}/environ")
            self.assertIn(f"TOKEN={CANARY}\0", environment)
            socket = self.lab.on("host1", "stat", "-c", "%a %U", "/run/supervisor.sock").strip()
            self.assertEqual(socket, "700 root")
            self.assertNotIn("python", self.lab.on("host1", "ss", "-Htlnp"))

            start = time.monotonic()
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
            print(f"no change: {time.monotonic() - start:.3f} s", file=sys.stderr)
            site.run("verify")

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
            self.lab.on("host1", "supervisorctl", "stop", "steady")
            self.lab.on("host1", "sed", "-i", "s/sleep/cat/", "/etc/supervisor/conf.d/mail.conf")
            site.run("verify", expect=None)
            self.assertIn("steady is STOPPED", site.errors)
            plan = site.run("plan", expect=None)
            self.assertIn("program:steady", plan)
            self.assertIn("/etc/supervisor/conf.d/mail.conf", plan)
            self.apply(site)
            self.running(*everything)

            shown = self.lab.on("host1", "sh", "-c", "ps -eo args; journalctl --no-pager; cat /var/log/supervisor/supervisord.log")
            self.assertNotIn("canary", shown)
            readable = self.lab.on("host1", "sh", "-c", "find /etc /var/log /var/lib/wright /run -xdev -type f -perm -o=r -print0 | xargs -0 -r grep -l canary",
                                   check=False)
            self.assertEqual(readable.strip(), "")
            site.run("rollback", "supervisor", "--yes")
        self.assertNotIn("sleep", self.lab.on("host1", "ps", "-eo", "args"))
        after = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "after.json")
        self.assertEqual(self.lab.differences(before, after), "")


if __name__ == "__main__":
    unittest.main()
