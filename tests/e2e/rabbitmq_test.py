"""RabbitMQ on a real host: made, changed without a restart, refused, broken, and taken back without residue."""
import base64
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
from execs import Execs  # noqa: E402
from wrightrun import Lab, Site  # noqa: E402

ADMIN = "canary-admin-1"
# What URLs, JSON, shells and AMQP could take for their own.
PASSWORD = "canary p@ss/w:rd %\\\"'\u00fc"
API = "http://127.0.0.1:15672/api/"
# One that new data has by itself, but for a node that is told with which others to begin, as data of an older version has them.
FLAG = "drop_unroutable_metric"
OLD_FLAGS = ("classic_mirrored_queue_version,empty_basic_get_metric,implicit_default_bindings,maintenance_mode_status,quorum_queue,stream_queue,"
             "user_limits,virtual_host_metadata")
LOADED = "systemctl show --property=ActiveEnterTimestampMonotonic --value rabbitmq-server"


def components(admin=ADMIN, password=PASSWORD, users="", more=""):
    quoted = json.dumps(password, ensure_ascii=False)
    return f'''
[components.rabbitmq]
admin_password = "{admin}"
vhosts = ["board"]
disk_free_mb = 50
{more}
[[components.rabbitmq.users]]
name = "board"
password = {quoted}
{users}
'''


READER = '''
[[components.rabbitmq.users]]
name = "reader"
password = "canary-reader"
tags = ["monitoring"]
permissions = [{ configure = "", write = "", read = "^stats" }]
[[components.rabbitmq.policies]]
name = "limits"
pattern = "^jobs"
apply_to = "queues"
definition = '{ "max-length": 1000 }'
[[components.rabbitmq.exchanges]]
name = "events"
type = "topic"
[[components.rabbitmq.queues]]
name = "orders"
[[components.rabbitmq.queues]]
name = "mail"
[[components.rabbitmq.queues]]
name = "audit"
arguments = '{ "x-queue-type": "quorum" }'
[[components.rabbitmq.queues]]
name = "ledger"
arguments = '{ "x-queue-type": "quorum" }'
[[components.rabbitmq.exchanges]]
name = "shared"
type = "fanout"
[[components.rabbitmq.bindings]]
exchange = "events"
queue = "ledger"
key = "mail.#"
[[components.rabbitmq.bindings]]
exchange = "events"
queue = "orders"
key = "orders.# a~b"
[[components.rabbitmq.bindings]]
exchange = "events"
queue = "mail"
key = "#"
[[components.rabbitmq.exchanges]]
name = "sorted"
type = "headers"
[[components.rabbitmq.bindings]]
exchange = "events"
to_exchange = "sorted"
key = "orders.#"
[[components.rabbitmq.bindings]]
exchange = "sorted"
queue = "orders"
arguments = '{ "x-match": "all", "kind": "letter" }'
[[components.rabbitmq.limits]]
max_connections = 500
'''


# A shovel that moves what comes to one queue into another, as the broker itself.
SHOVEL = {"src-protocol": "amqp091", "src-uri": "amqp:///board", "src-queue": "here", "dest-protocol": "amqp091", "dest-uri": "amqp:///board",
          "dest-queue": "there"}
TUNED = f'''
plugins = ["rabbitmq_shovel"]
feature_flags = ["{FLAG}"]
memory_share = 0.3
open_files = 10000
parameters = [{{ component = "shovel", name = "mover", value = '{json.dumps(SHOVEL)}' }}]
'''


class RabbitMq(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.lab("up", "1")
        self.lab("reset", "host1")
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)

    def ask(self, method, path, body=None, admin=ADMIN):
        """Status and body of the management interface, asked from the host itself."""
        script = '''
import base64, json, sys, urllib.error, urllib.request
method, url, body, login = json.load(sys.stdin)
request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
request.add_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
try:
    with urllib.request.urlopen(request, timeout=20) as answer:
        print(json.dumps([answer.status, answer.read().decode()]))
except urllib.error.HTTPError as error:
    print(json.dumps([error.code, error.read().decode()]))
'''
        words = base64.b64encode(json.dumps([method, API + path, body, "admin:" + admin]).encode()).decode()
        coded = base64.b64encode(script.encode()).decode()
        command = f"echo {words} | base64 -d | python3 -c \"$(echo {coded} | base64 -d)\""
        status, text = json.loads(self.lab.on("host1", "sh", "-c", command))
        return status, json.loads(text) if text else None

    def apply(self, site, text=None):
        if text is not None:
            site.write(text)
        return site.run("apply", "--yes")

    def leave_a_message(self, admin):
        self.assertEqual(self.ask("PUT", "permissions/board/admin", {"configure": ".*", "write": ".*", "read": ".*"}, admin)[0], 204)
        self.assertEqual(self.ask("PUT", "queues/board/jobs", {"durable": True}, admin)[0], 201)
        message = {"properties": {"delivery_mode": 2}, "routing_key": "jobs", "payload": "a job", "payload_encoding": "string"}
        self.assertEqual(self.ask("POST", "exchanges/board/amq.default/publish", message, admin), (200, {"routed": True}))

    def queues(self, admin):
        return sorted(queue["name"] for queue in self.ask("GET", "queues/board?columns=name", admin=admin)[1])

    def publish_event(self, admin):
        """To all queues that are bound to such an event, and nowhere else."""
        self.assertEqual(self.ask("PUT", "permissions/board/admin", {"configure": ".*", "write": ".*", "read": ".*"}, admin)[0], 204)
        message = {"properties": {"delivery_mode": 2}, "routing_key": "mail.sent", "payload": "an event", "payload_encoding": "string"}
        self.assertEqual(self.ask("POST", "exchanges/board/events/publish", message, admin), (200, {"routed": True}))

    def message(self, admin):
        take = {"count": 1, "ackmode": "ack_requeue_true", "encoding": "auto"}
        status, messages = self.ask("POST", "queues/board/jobs/get", take, admin)
        return messages[0]["payload"] if status == 200 and messages else None

    def started(self):
        return self.lab.on("host1", "sh", "-c", LOADED).strip()

    def listening(self):
        lines = self.lab.on("host1", "ss", "-Htln").splitlines()
        return sorted(line.split()[3] for line in lines if not line.split()[3].endswith(":22"))

    def test_made_changed_broken_and_taken_back(self):
        self.lab.on("host1", "sh", "-c", "mkdir -p /etc/systemd/system/rabbitmq-server.service.d && printf '[Service]\\nEnvironment=RABBITMQ_FEATURE_FLAGS="
                    f"{OLD_FLAGS}\\n' >/etc/systemd/system/rabbitmq-server.service.d/old.conf")
        before = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "before.json")
        with Site(self.lab, components(users=READER)) as site:
            self.apply(site)
            self.assertEqual(self.listening(), [f"127.0.0.1:{port}" for port in (15672, 25672, 4369, 5672)])
            self.assertEqual(self.ask("GET", "users/guest")[0], 404)
            self.assertEqual(self.ask("GET", "users/reader")[1]["tags"], ["monitoring"])
            self.assertEqual(self.ask("GET", "policies/board/limits")[1]["definition"], {"max-length": 1000})

            self.assertEqual(self.ask("GET", "vhost-limits/board")[1], [{"vhost": "board", "value": {"max-connections": 500}}])
            self.assertEqual([binding["arguments"] for binding in self.ask("GET", "bindings/board/e/sorted/q/orders")[1]],
                             [{"x-match": "all", "kind": "letter"}])
            self.assertEqual(len(self.ask("GET", "bindings/board/e/events/e/sorted")[1]), 1)

            start = time.monotonic()
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
            print(f"no change: {time.monotonic() - start:.3f} s", file=sys.stderr)
            site.run("verify")
            self.publish_event(ADMIN)
            self.leave_a_message(ADMIN)
            self.assertEqual(self.ask("POST", "bindings/board/e/shared/q/jobs", {"routing_key": "others"}, ADMIN)[0], 201)
            started = self.started()

            # Passwords change, the administrator's by itself; a user leaves. Nothing of it restarts the broker.
            self.apply(site, components(admin="canary-admin-2", password="canary-other"))
            self.assertEqual(self.ask("GET", "users/reader", admin="canary-admin-2")[0], 404)
            self.assertEqual(self.ask("GET", "users/board", admin=ADMIN)[0], 401)
            # The queues that hold the event stay, of each type; the empty ones, the bindings and the exchange are gone.
            self.assertEqual(self.queues("canary-admin-2"), ["jobs", "ledger", "mail"])
            # An exchange that somebody else has bound stays with that binding.
            self.assertEqual(len(self.ask("GET", "exchanges/board/shared/bindings/source", admin="canary-admin-2")[1]), 1)
            self.assertEqual(self.ask("GET", "exchanges/board/events", admin="canary-admin-2")[0], 404)
            self.assertEqual(self.started(), started)
            self.assertEqual(self.message("canary-admin-2"), "a job")
            site.run("verify")

            # And back.
            site.run("rollback", "--yes")
            self.assertEqual(self.ask("GET", "users/reader")[1]["tags"], ["monitoring"])
            bindings = self.ask("GET", "bindings/board/e/events/q/orders")[1]
            self.assertEqual([binding["routing_key"] for binding in bindings], ["orders.# a~b"])
            self.apply(site, components(admin="canary-admin-2", password="canary-other"))

            self.expect_plugins_parameters_limits_and_flags(site)
            self.expect_tls_from_elsewhere(site)

            # Configuration that it does not start with: the old one runs again, with its messages.
            site.write(components(admin="canary-admin-2", password="canary-other", more='extra = ["no_such_key = 1"]'))
            site.run("apply", "--yes", expect=None)
            self.assertNotEqual(site.code, 0)
            self.assertIn("failed_to_prepare_configuration", site.errors)
            self.assertEqual(self.message("canary-admin-2"), "a job")
            site.write(components(admin="canary-admin-2", password="canary-other"))

            # A hand edit is found and put right.
            self.assertEqual(self.ask("DELETE", "permissions/board/board", admin="canary-admin-2")[0], 204)
            self.assertIn("1 to create", site.run("plan", expect=None))
            self.apply(site)

            self.expect_a_silent_broker_to_be_waited_for(site)

            # Stopped behind wright's back.
            self.lab.on("host1", "systemctl", "kill", "--signal=KILL", "rabbitmq-server")
            self.lab.on("host1", "systemctl", "stop", "rabbitmq-server")
            site.run("verify", expect=None)
            self.assertIn("rabbitmq", site.errors)
            self.apply(site)
            self.assertEqual(self.message("canary-admin-2"), "a job")

            self.assert_no_canary()
            site.run("rollback", "rabbitmq", "--yes")
            self.assertIn("board jobs 1", site.errors)
        self.assertEqual(self.lab.on("host1", "ps", "-eo", "args").count("epmd"), 0)
        kept = self.lab.on("host1", "find", "/var/lib/wright/quarantine", "-path", "*/rabbit@localhost/msg_stores/*", "-type", "d")
        self.assertNotEqual(kept.strip(), "")
        after = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "after.json")
        self.assertEqual(self.lab.differences(before, after), "")

    def expect_a_silent_broker_to_be_waited_for(self, site):
        """What was made through its interface is taken back when it answers, and until then no rollback is complete."""
        before = components(admin="canary-admin-2", password="canary-other")
        late = components(admin="canary-admin-2", password="canary-other",
                          users='[[components.rabbitmq.users]]\nname = "late"\npassword = "canary-late"\n')
        self.apply(site, late)
        self.lab.on("host1", "rabbitmqctl", "stop_app")
        site.run("rollback", "--yes", expect=6)
        self.assertIn("of its objects were not taken back, as it does not answer", site.errors)
        self.assertIn("journalctl -u rabbitmq-server", site.errors)
        self.lab.on("host1", "rabbitmqctl", "start_app")
        self.assertEqual(self.ask("GET", "users/late", admin="canary-admin-2")[0], 200)
        site.run("rollback", "--yes")
        self.assertEqual(self.ask("GET", "users/late", admin="canary-admin-2")[0], 404)

        # One that was stopped runs for the undo alone.
        self.apply(site)
        self.lab.on("host1", "systemctl", "stop", "rabbitmq-server")
        site.run("rollback", "--yes")
        self.assertEqual(self.lab.on("host1", "systemctl", "is-active", "rabbitmq-server", check=False).strip(), "inactive")
        self.lab.on("host1", "systemctl", "start", "rabbitmq-server")
        self.assertEqual(self.ask("GET", "users/late", admin="canary-admin-2")[0], 404)
        site.write(before)
        site.run("plan", "--detailed-exitcode")

    def node(self, admin):
        """What the broker says of itself, which it counts some seconds after its start; and whether the flag is on."""
        columns = ("mem_limit", "disk_free_limit", "fd_total", "enabled_plugins")
        deadline = time.monotonic() + 20
        while len(of := self.ask("GET", "nodes/rabbit@localhost?columns=" + ",".join(columns), admin=admin)[1]) < len(columns):
            self.assertLess(time.monotonic(), deadline, of)
        flags = {one["name"]: one["state"] for one in self.ask("GET", "feature-flags", admin=admin)[1]}
        return of, flags[FLAG]

    def expect_plugins_parameters_limits_and_flags(self, site):
        """Each is in force on the broker, and what has a way back is taken back."""
        admin = "canary-admin-2"
        plain = components(admin=admin, password="canary-other")
        before, flag = self.node(admin)
        self.assertEqual((before["enabled_plugins"], flag), (["rabbitmq_management"], "disabled"))
        site.write(plain.replace("disk_free_mb = 50", "disk_free_mb = 60" + TUNED))
        site.run("verify", expect=3)
        self.assertIn(f"the feature flag {FLAG} is enabled", site.errors)
        self.assertIn("cannot be taken back", site.run("plan"))
        site.run("apply", "--yes")
        site.run("verify")
        during, flag = self.node(admin)
        self.assertEqual(sorted(during["enabled_plugins"]), ["rabbitmq_management", "rabbitmq_shovel"])
        self.assertAlmostEqual(during["mem_limit"] / before["mem_limit"], 0.3 / 0.4, places=3)
        self.assertEqual((before["disk_free_limit"], during["disk_free_limit"]), (50 << 20, 60 << 20))
        self.assertEqual((during["fd_total"], flag), (10000, "enabled"))
        self.assertEqual(self.ask("GET", "parameters/shovel/board/mover", admin=admin)[1]["value"], SHOVEL)
        self.assertEqual(self.moved(admin), "a box")
        with Execs(self.lab, "host1") as execs:
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
        self.assertEqual([name for name in execs.programs if name.startswith(("rabbitmq", "erl", "beam", "escript"))], [])

        site.run("rollback", "--yes")
        after, flag = self.node(admin)
        self.assertEqual((after, flag), (before, "enabled"))
        self.assertEqual(self.ask("GET", "parameters", admin=admin)[1], [])
        for queue in ("here", "there"):
            self.assertEqual(self.ask("DELETE", "queues/board/" + queue, admin=admin)[0], 204)
        site.write(plain)

    def moved(self, admin):
        """What is sent to the one queue, taken out of the other, as soon as the shovel has declared both."""
        message = {"properties": {}, "routing_key": "here", "payload": "a box", "payload_encoding": "string"}
        deadline = time.monotonic() + 20
        while self.ask("POST", "exchanges/board/amq.default/publish", message, admin) != (200, {"routed": True}):
            self.assertLess(time.monotonic(), deadline)
        take = {"count": 1, "ackmode": "ack_requeue_false", "encoding": "auto"}
        while not (messages := self.ask("POST", "queues/board/there/get", take, admin)[1]):
            self.assertLess(time.monotonic(), deadline)
        return messages[0]["payload"]

    def expect_tls_from_elsewhere(self, site):
        """TLS on all addresses, and what is plain stays on the host."""
        folder = self.lab.root("host1") / "srv" / "tls"
        folder.mkdir()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=host1",
                        "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")], check=True, capture_output=True)
        self.lab.on("host1", "chown", "-R", "root:rabbitmq", "/srv/tls")
        self.lab.on("host1", "chmod", "-R", "u=rwX,g=rX,o=", "/srv/tls")
        self.apply(site, components(admin="canary-admin-2", password="canary-other",
                                    more='tls = { listen = ["0.0.0.0"], certificate = "/srv/tls/cert.pem", key = "/srv/tls/key.pem" }'))
        site.run("verify")
        address = self.lab.address("host1")
        trusting = ssl.create_default_context(cadata=(folder / "cert.pem").read_text())
        trusting.check_hostname = False
        with socket.create_connection((address, 5671), 10) as plain, trusting.wrap_socket(plain) as connection:
            connection.sendall(b"AMQP\0\0\x09\x01")
            self.assertIn(b"RabbitMQ", connection.recv(4096))
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection((address, 5672), 10)
        self.apply(site, components(admin="canary-admin-2", password="canary-other"))
        self.lab.on("host1", "rm", "-r", "/srv/tls")

    def assert_no_canary(self):
        """In no log, no command line, no file that others may read."""
        self.assertNotIn("canary", self.lab.on("host1", "ps", "-eo", "args"))
        self.assertNotIn("canary", self.lab.on("host1", "sh", "-c", "journalctl --no-pager | grep canary | grep -v 'sh -c'", check=False))
        found = self.lab.on("host1", "sh", "-c", "grep -rlI canary /etc /var/log /run /tmp 2>/dev/null; find / -xdev -path /proc -prune -o "
                            "-type f -perm -o=r -newer /etc/rabbitmq/enabled_plugins -print0 | xargs -0 -r grep -l canary", check=False)
        self.assertEqual(found.strip(), "")


if __name__ == "__main__":
    unittest.main()
