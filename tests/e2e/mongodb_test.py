"""MongoDB on a real host, from the lab's signed repository: made, changed, broken, and taken back without residue."""
import json
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from wrightrun import ROOT, Lab, Site  # noqa: E402

ADMIN = "canary-admin p@ss/w:rd"
PASSWORD = "canary-graylog %1"
OPEN_FILES = 12000  # fewer than a container may have
STARTED = "systemctl show --property=ActiveEnterTimestampMonotonic --value mongod"


def components(source, admin=ADMIN, password=PASSWORD, more="", users=""):
    return f'''
[components.mongodb]
version = "6.0.5"
source = {{ uri = "{source["uri"]}", suite = "{source["suite"]}", component = "{source["component"]}", key = """{source["key"]}""" }}
admin_password = "{admin}"
open_files = {OPEN_FILES}
{more}
[[components.mongodb.users]]
name = "graylog"
database = "graylog"
password = "{password}"
{users}
'''


READER = '''
[[components.mongodb.users]]
name = "reader"
database = "graylog"
password = "canary-reader"
roles = ["read"]
'''


# It cannot listen there; by then all hosts have their part of MongoDB.
FAILS = '''
[components.memcached]
hosts = ["host1"]
requires = ["mongodb"]
listen = ["203.0.113.9"]
'''


SET = '''
tls = { mode = "require", certificate = "/etc/ssl/mongod.pem" }
replica_set = { name = "rs0", key = "canaryreplicaset" }
'''


# OP_MSG {hello: 1, $db: "admin"}, which a server that wants TLS does not answer.
DOCUMENT = b"\x10hello\0\1\0\0\0" + b"\2$db\0\6\0\0\0admin\0" + b"\0"
BODY = b"\0\0\0\0\0" + (len(DOCUMENT) + 4).to_bytes(4, "little") + DOCUMENT
HELLO = b"".join(n.to_bytes(4, "little") for n in (16 + len(BODY), 1, 0, 2013)) + BODY


class MongoDb(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.lab("up", "1")
        self.lab("reset", "host1")
        self.source = json.loads(self.lab("repository", "mongodb-org-server", "--json"))
        self.source["key"] = pathlib.Path(self.source["key"]).read_text()
        folder = self.lab.root("host1") / "etc" / "ssl"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", folder / "key.pem",
                        "-out", folder / "cert.pem"], check=True, capture_output=True)
        (folder / "mongod.pem").write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)

    def components(self, **options):
        return components(self.source, **options)

    def started(self):
        return self.lab.on("host1", "sh", "-c", STARTED).strip()

    def test_made_changed_broken_and_taken_back(self):
        before = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "before.json")
        with Site(self.lab, self.components(users=READER)) as site:
            site.run("apply", "--yes")
            self.expect_no_huge_pages_unit_but_one_that_works(site.errors)
            start = time.monotonic()
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
            print(f"no change: {time.monotonic() - start:.3f} s", file=sys.stderr)
            site.run("verify")
            self.expect_limits_and_a_log_that_rotates()
            started = self.started()

            # Passwords change, the administrator's by itself, and a user leaves: without a restart.
            site.write(self.components(admin="canary-admin-2", password="canary-other"))
            self.assertIn("mongodb_user", site.run("plan", expect=None))
            site.run("apply", "--yes")
            self.assertEqual(self.started(), started)
            site.run("verify")
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))

            # And back: the former passwords are in force again, and the user is there.
            site.run("rollback", "--yes")
            site.write(self.components(users=READER))
            self.assertNotIn("mongodb_user:", site.run("plan", expect=None))
            site.run("verify")

            # TLS, and a replica set of one; its accounts and its data stay those of the server, there and back.
            address = self.lab.address("host1")
            replicated = f'bind = ["127.0.0.1", "{address}"]{SET}'
            site.write(self.components(users=READER, more=replicated))
            self.assertIn("stays in the server's data", site.run("plan", expect=None))
            site.run("apply", "--yes")
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
            with ssl._create_unverified_context().wrap_socket(socket.create_connection((address, 27017), 10)) as there:
                self.assertTrue(there.version().startswith("TLSv1"))
            with socket.create_connection((address, 27017), 10) as there:
                there.sendall(HELLO)
                self.assertEqual(there.recv(1), b"")
            self.assertEqual(self.lab.on("host1", "stat", "-c", "%a %U", "/etc/mongod.key").strip(), "400 mongodb")
            site.write(self.components(users=READER, more=replicated.replace("rs0", "rs1")))
            site.run("plan", expect=None)
            self.assertIn('is in the replica set "rs0" already', site.errors)
            site.write(self.components(users=READER, more=replicated))
            site.run("verify")
            site.run("rollback", "--yes")
            site.write(self.components(users=READER))
            site.run("verify")
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))

            # A hand edit is found and put right.
            self.lab.on("host1", "sed", "-i", "s/^security.authorization.*/security.authorization: disabled/", "/etc/mongod.conf")
            self.lab.on("host1", "systemctl", "restart", "mongod")
            site.run("verify", expect=None)
            self.assertNotEqual(site.code, 0)
            self.assertIn("who has no password can read", site.errors)
            site.run("apply", "--yes")
            site.run("verify")

            # What it does not start with: the old configuration runs again, with its data.
            site.write(self.components(users=READER, more='extra = ["no.such: setting"]'))
            site.run("apply", "--yes", expect=None)
            self.assertNotEqual(site.code, 0)
            site.write(self.components(users=READER))
            site.run("verify")

            # More cache than memory, and a name for an address: refused before anything is changed.
            site.write(self.components(more='cache_mb = 1000000\nbind = ["localhost"]'))
            site.run("plan", expect=None)
            self.assertIn("of memory", site.errors)
            self.assertIn("bind", site.errors)

            site.write(self.components(users=READER))
            self.assert_no_canary()
            while "nothing to roll back" not in site.run("rollback", "--yes", expect=None) + site.errors and site.code == 0:
                pass
            self.assertEqual(self.lab.differences(before, self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "after.json")), "")
            self.assertNotEqual(self.lab.on("host1", "sh", "-c", "find /var/lib/wright/quarantine -name WiredTiger"), "")

    def expect_limits_and_a_log_that_rotates(self):
        """By what the running process has; and no line is lost while its log is taken away under it."""
        pid = self.lab.on("host1", "systemctl", "show", "--property=MainPID", "--value", "mongod").strip()
        limits = self.lab.on("host1", "cat", f"/proc/{pid}/limits")
        self.assertRegex(limits, rf"Max open files +{OPEN_FILES} +{OPEN_FILES} ")
        # Connections come while it rotates; what it said of them before, meanwhile and since is all there, once.
        log = self.lab.root("host1") / "var/log/mongodb"
        before = max(self.connections(log / "mongod.log"))
        connect = "for n in $(seq 20); do (exec 3<>/dev/tcp/127.0.0.1/27017); done"
        self.lab.on("host1", "bash", "-c", f"{connect}; {connect} & logrotate --state=/run/rotated --force /etc/logrotate.d/mongod && wait && {connect}")
        deadline = time.monotonic() + 10
        while max((old := self.connections(log / "mongod.log.1")) + (new := self.connections(log / "mongod.log"))) < before + 60:
            self.assertLess(time.monotonic(), deadline, "connections that it says nothing of")
            time.sleep(0.1)
        self.assertGreater(len(new), 0)
        self.assertEqual((old + new)[-before - 60:], list(range(1, before + 61)))
        self.assertEqual(self.lab.on("host1", "stat", "-c", "%a %U %G", "/var/log/mongodb/mongod.log").split(), ["640", "mongodb", "mongodb"])
        self.lab.on("host1", "rm", "/run/rotated")

    def connections(self, log):
        """The numbers of those that the server has written of, which begin with 1 at each of its starts."""
        entries = [json.loads(line) for line in log.read_text().splitlines()]
        return [entry["attr"]["connectionId"] for entry in entries if entry["msg"] == "Connection accepted"]

    def expect_no_huge_pages_unit_but_one_that_works(self, said):
        """A container's huge pages are the machine's; what a machine gets is run with another file in the place of the kernel's."""
        self.assertIn("huge_pages_off", said)
        self.assertIn("this host is a container", said)
        root = self.lab.root("host1")
        unit = root / "etc/systemd/system/mongodb-huge-pages.service"
        self.assertFalse(unit.exists())
        expected = json.loads((ROOT / "plugins/mongodb/tests/minimal.expected.json").read_text())
        text = next(one for one in expected["resources"] if one["id"] == "file:/" + str(unit.relative_to(root)))["attributes"]["content"]
        kernels = "/sys/kernel/mm/transparent_hugepage/enabled"
        self.assertEqual(text.count(kernels), 2)
        unit.write_text(text.replace(kernels, "/srv/huge-pages"))
        self.lab.on("host1", "systemctl", "enable", "--now", "mongodb-huge-pages")
        self.assertEqual((root / "srv/huge-pages").read_text(), "never\n")
        self.lab.on("host1", "systemctl", "disable", "--now", "mongodb-huge-pages")
        self.assertEqual((root / "srv/huge-pages").read_text(), "madvise\n")
        self.lab.on("host1", "sh", "-c", f"rm /{unit.relative_to(root)} /srv/huge-pages && systemctl daemon-reload")

    def assert_no_canary(self):
        """No password in a log, an argument or a file that others may read."""
        root = self.lab.root("host1")
        for place in ("var/log", "etc", "run", "tmp"):
            found = subprocess.run(["grep", "-rlE", "canary(-admin|-graylog|-other|-reader|replicaset)", str(root / place)], capture_output=True, text=True).stdout
            self.assertEqual(found, "")
        journal = self.lab.on("host1", "journalctl", "--no-pager")
        self.assertNotIn("canary", journal)

    def test_a_replica_set_of_three_hosts(self):
        hosts = ("host1", "host2", "host3")
        self.lab("up", "3")
        for host in hosts[1:]:
            self.lab("reset", host)
        scratch = pathlib.Path(self.scratch.name)
        before = {host: self.lab.snapshot(host, scratch / f"{host}-before.json") for host in hosts}
        addresses = [self.lab.address(host) for host in hosts]

        def replicated(order=(0, 1, 2), on=hosts):
            members = json.dumps([addresses[i] + ":27017" for i in order])
            return f'hosts = {json.dumps(on)}\nbind = ["0.0.0.0"]\nreplica_set = {{ name = "rs0", key = "canaryreplicaset", members = {members} }}'

        with Site(self.lab, "", hosts=hosts) as site:
            alone = self.components(more='hosts = ["host1"]')
            site.write(alone)
            site.run("apply", "--yes")

            # It grows, with other passwords and an account, and then something fails: it is alone again, as it was.
            site.write(self.components(more=replicated(), users=READER, admin="canary-admin-2", password="canary-other") + FAILS)
            site.run("apply", "--yes", expect=None)
            self.assertNotIn(site.code, (0, 6), site.errors)
            self.assertIn("memcached", site.errors)
            site.write(alone)
            self.assertNotIn("mongodb_user:", site.run("plan", expect=None))
            site.run("verify")

            site.write(self.components(more=replicated()))
            site.run("apply", "--yes")
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
            # Another member takes writes now: who makes the accounts asks that one.
            self.lab.on("host1", "systemctl", "stop", "mongod")
            site.run("verify", "--limit", "host2,host3")
            self.lab.on("host1", "systemctl", "start", "mongod")
            site.run("verify")
            site.write(self.components(more=replicated(), users=READER))
            self.assertIn("created mongodb_user:graylog.reader", site.run("apply", "--yes") + site.errors)
            site.run("rollback", "--yes")
            self.assertIn("mongodb_user:graylog.reader", site.run("plan", expect=None))

            # Another order, and another address for wright to come by: the accounts stay.
            site.write(self.components(more=replicated()))
            self.another_address(site, "host1")
            site.write(self.components(more=replicated((2, 0, 1))))
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
            site.run("verify")

            # So they do when the host leaves that made them.
            site.write(self.components(more=replicated((2, 0, 1), on=hosts[1:])))
            site.run("apply", "--yes")
            site.run("verify")

            site.write("")
            site.run("apply", "--yes")
        for host in hosts:
            self.assertEqual(self.lab.differences(before[host], self.lab.snapshot(host, scratch / f"{host}-after.json")), "", host)

    def another_address(self, site, host):
        """The host gets one more, and the site file has that."""
        address = self.lab.address(host)
        more = address.rpartition(".")[0] + ".250"
        self.lab.on(host, "sh", "-c", f"ip address add {more}/24 dev $(ip -o -4 address show | grep -F ' {address}/' | cut -d' ' -f2)")
        site.hosts = site.hosts.replace(f'"{address}"', f'"{more}"')
        self.assertIn(more, site.hosts)
        pins = site.folder / "known_hosts"
        pins.write_text(pins.read_text() + "".join(line.replace(address, more) + "\n" for line in pins.read_text().splitlines() if address in line))


if __name__ == "__main__":
    unittest.main()
