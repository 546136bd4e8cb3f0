"""rsyslog on a real host: what is logged reaches a receiver, also what was logged while the receiver or rsyslog were away."""
import pathlib
import re
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from wrightrun import Lab, Site  # noqa: E402

WAIT_S = 60
# What may be on its way when the connection breaks: README of the plugin.
BATCH = 8
MIB = 1 << 20
# Many more than its queue has room for, and several MiB.
FLOOD = 40000
LINES = 5000


class Receiver:
    """Takes messages, each preceded by its length, as RFC 6587 has it."""

    def __init__(self, address):
        self.messages = []
        receiver = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                while True:
                    length = b""
                    while not length.endswith(b" "):
                        one = self.rfile.read(1)
                        if not one:
                            return
                        length += one
                    receiver.messages.append(self.rfile.read(int(length)).decode())

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

            def get_request(self):
                connection, peer = super().get_request()
                self.open.append(connection)
                return connection, peer

        self.server = Server(address, Handler)
        self.server.open = []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        for connection in self.server.open:
            try:
                connection.shutdown(2)
            except OSError:
                pass

    def having(self, pattern):
        return [message for message in list(self.messages) if re.search(pattern, message)]

    def wait_for(self, pattern, count=1):
        deadline = time.monotonic() + WAIT_S
        while len(found := self.having(pattern)) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} of {count} messages with {pattern!r} came; the last ones: {self.messages[-5:]}")
            time.sleep(0.1)
        return found


def components(address, port, more=""):
    return f'''
[components.rsyslog]
forward = "{address}:{port}"
{more}
'''


class Rsyslog(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.lab("up", "1")
        self.lab("reset", "host1")
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)

    def log(self, *texts):
        self.lab.on("host1", "sh", "-c", "for text in " + " ".join(texts) + "; do logger -t proof -p user.warning -- $text; done")

    def expect_a_full_queue_to_lose_nothing(self, site, receiver, text):
        """More than the queue has room for, while nobody takes it: who logs does not wait, the disk is not filled, and all of it comes
        when the receiver is back, though rsyslog was restarted and killed in between. Returns the new receiver."""
        site.write(text)
        site.run("apply", "--yes")
        receiver.stop()
        start = time.monotonic()
        self.lab.on("host1", "sh", "-c", f"seq -f flood-%.0f-{'x' * 100} {FLOOD} | logger -t flood -p user.info; seq -f line-%.0f-flooding {LINES} >>/srv/app/app.log")
        print(f"{FLOOD} messages logged in {time.monotonic() - start:.1f} s", file=sys.stderr)
        self.assertLess(time.monotonic() - start, WAIT_S / 2, "who logs was held up")
        spool = self.lab.root("host1") / "var/lib/rsyslog"
        most = last = 0
        changed = time.monotonic()
        while most < MIB // 4 or time.monotonic() - changed < 3:
            self.assertLess(time.monotonic() - start, WAIT_S, f"{most} bytes wait on the disk")
            size = sum(path.stat().st_size for path in spool.glob("forward.0*"))
            if abs(size - last) > 20000:  # a message each second is read all the same
                last, changed = size, time.monotonic()
            most = max(most, size)
            time.sleep(0.05)
        print(f"at most {most} bytes in {spool.name} after {time.monotonic() - start:.1f} s", file=sys.stderr)
        self.assertLess(most, MIB)
        start = time.monotonic()
        self.lab.on("host1", "systemctl", "restart", "rsyslog")
        print(f"restarted when full: {time.monotonic() - start:.1f} s", file=sys.stderr)
        self.assertNotIn("timed out", self.lab.on("host1", "journalctl", "-u", "rsyslog", "-o", "cat", "-n", "200"))
        self.lab.on("host1", "sh", "-c", "systemctl kill --signal=KILL rsyslog; until systemctl start rsyslog; do sleep 0.2; done")
        again = Receiver(receiver.server.server_address)
        self.addCleanup(again.stop)
        again.wait_for(r"flood-\d+-", FLOOD - BATCH)
        came = {int(n) for message in receiver.messages + again.messages for n in re.findall(r"flood-(\d+)-", message)}
        self.assertLessEqual(set(range(1, FLOOD + 1)) - came, set(range(1, BATCH + 1)))
        again.wait_for(r"line-\d+-flooding", LINES - BATCH)
        lines = {int(n) for message in receiver.messages + again.messages for n in re.findall(r"line-(\d+)-flooding", message)}
        self.assertLessEqual(set(range(1, LINES + 1)) - lines, set(range(1, BATCH + 1)))
        site.run("verify")
        return again

    def test_forwards_waits_and_is_taken_back(self):
        before = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "before.json")
        gateway = re.sub(r"\.\d+$", ".1", self.lab.address("host1"))
        receiver = Receiver((gateway, 0))
        self.addCleanup(receiver.stop)
        port = receiver.port
        self.lab.on("host1", "sh", "-c", "mkdir -p /srv/app && echo old > /srv/app/app.log")
        files = 'files = [{ path = "/srv/app/*.log", tag = "app" }]'
        with Site(self.lab, components(gateway, port, files)) as site:
            site.run("apply", "--yes")
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
            site.run("verify")
            receiver.wait_for("a message of wright verify")

            # By the form of RFC 5424: severity, program, the unit it is of; a message of two lines is one.
            self.lab.on("host1", "sh", "-c", "systemd-run --wait --quiet --unit=speaker sh -c 'echo from-a-unit'; printf 'one\\ntwo\\n' | logger -t proof -p user.err -S 4096")
            self.assertRegex(receiver.wait_for("from-a-unit$")[0], r'^<30>1 \S+T\S+ host1 sh \d+ - \[origin@32473 unit="speaker\.service"\] ')
            self.lab.on("host1", "sh", "-c", "echo of-a-file >> /srv/app/app.log")
            self.assertRegex(receiver.wait_for("of-a-file$")[0], r"^<133>1 \S+ host1 app - - - of-a-file$")
            self.assertEqual(receiver.having(" old$"), [], "what was there before is not sent")
            # A file that comes later is sent from its first line.
            self.lab.on("host1", "sh", "-c", "printf 'line-1\\nline-2\\n' >/srv/app/later.log; sleep 1; echo line-3 >>/srv/app/later.log")
            receiver.wait_for("line-3$")
            self.assertEqual([len(receiver.having(f"line-{n}$")) for n in (1, 2, 3)], [1, 1, 1])

            # While the receiver is away nothing is held up, and nothing is lost; a restart of rsyslog in between changes nothing.
            receiver.stop()
            self.log(*[f"away-{n}" for n in range(100)])
            self.lab.on("host1", "systemctl", "restart", "rsyslog")
            self.log(*[f"away-{n}" for n in range(100, 150)])
            verified = subprocess.run(site.command("verify"), cwd=site.folder, capture_output=True, text=True)
            self.assertEqual(verified.returncode, 3)
            self.assertIn(f"wait in /var/lib/rsyslog for {gateway}:{port}", verified.stderr)
            first, receiver = receiver, Receiver((gateway, port))
            self.addCleanup(receiver.stop)
            receiver.wait_for(r"away-149$")
            # Those of the saved queue may come after it.
            receiver.wait_for(r"away-\d+$", 150 - BATCH - len(first.having(r"away-\d+$")))
            came = {int(n) for message in first.messages + receiver.messages for n in re.findall(r"away-(\d+)$", message)}
            # TCP tells a sender of a lost connection with what it sends next: that may be gone, and nothing after it.
            self.assertLessEqual(set(range(150)) - came, set(range(BATCH)))

            # While rsyslog is away.
            self.lab.on("host1", "systemctl", "stop", "rsyslog")
            self.log("unread-1", "unread-2")
            self.assertIn("service:rsyslog", site.run("plan"))
            site.run("apply", "--yes")
            receiver.wait_for("unread-1$")
            self.assertEqual(len(receiver.wait_for("unread-2$")), 1)
            site.run("verify")

            receiver = self.expect_a_full_queue_to_lose_nothing(site, receiver, components(gateway, port, files + "\nqueue_mb = 1"))

            # By hand.
            self.lab.on("host1", "sh", "-c", "echo '# mine' >> /etc/rsyslog.conf")
            self.assertIn("-# mine", site.run("plan"))
            for _ in range(3):  # the apply with a small queue, the one that started it, and the first one
                site.run("rollback", "--yes")
        self.lab.on("host1", "rm", "-r", "/srv/app")
        after = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "after.json")
        self.assertEqual(self.lab.differences(before, after), "")


if __name__ == "__main__":
    unittest.main()
