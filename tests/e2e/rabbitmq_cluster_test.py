"""Two hosts that are one broker: joined, told apart, left by one of them, and taken back without residue."""
import base64
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from waiting import wait_until  # noqa: E402
from wrightrun import Lab, Site  # noqa: E402

HOSTS = ("host1", "host2")
NODES = {host: f"rabbit@{name}" for host, name in zip(HOSTS, ("mq-one", "mq-two"))}
API = "http://127.0.0.1:15672/api/"
READER = '''
[[components.rabbitmq.users]]
name = "reader"
password = "canary-reader"
'''


def components(more="", heartbeat=60, cookie="CANARYCOOKIE"):
    nodes = ", ".join(f'{{ name = "{NODES[host]}", address = "${{hosts.{host}.address}}" }}' for host in HOSTS)
    return f'''
[components.rabbitmq]
hosts = {json.dumps(HOSTS)}
admin_password = "canary-admin"
erlang_cookie = "{cookie}"
cluster = {{ nodes = [{nodes}], partition_handling = "pause_minority" }}
heartbeat_s = {heartbeat}
vhosts = ["board"]
disk_free_mb = 50
[[components.rabbitmq.users]]
name = "board"
password = "canary-board"
[[components.rabbitmq.queues]]
name = "orders"
arguments = '{{ "x-queue-type": "quorum" }}'
{more}
'''


class Cluster(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.lab("up", "2")
        for host in HOSTS:
            self.lab("reset", host)
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)

    def ask(self, method, path, body=None, host="host1"):
        """Status and body of the management interface, asked from the host itself."""
        script = '''
import base64, json, sys, urllib.error, urllib.request
method, url, body = json.load(sys.stdin)
request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
request.add_header("Authorization", "Basic " + base64.b64encode(b"admin:canary-admin").decode())
try:
    with urllib.request.urlopen(request, timeout=20) as answer:
        print(json.dumps([answer.status, answer.read().decode()]))
except urllib.error.HTTPError as error:
    print(json.dumps([error.code, error.read().decode()]))
'''
        words = base64.b64encode(json.dumps([method, API + path, body]).encode()).decode()
        coded = base64.b64encode(script.encode()).decode()
        status, text = json.loads(self.lab.on(host, "sh", "-c", f"echo {words} | base64 -d | python3 -c \"$(echo {coded} | base64 -d)\""))
        return status, json.loads(text) if text else None

    def members(self, host="host1"):
        """Names of the nodes that the host's broker counts as its own, and whether they run."""
        return {node["name"]: node["running"] for node in self.ask("GET", "nodes?columns=name,running", host=host)[1]}

    def users(self, host="host1"):
        return {user["name"] for user in self.ask("GET", "users?columns=name", host=host)[1]}

    def leave_a_message(self):
        self.assertEqual(self.ask("PUT", "permissions/board/admin", {"configure": ".*", "write": ".*", "read": ".*"})[0], 204)
        message = {"properties": {"delivery_mode": 2}, "routing_key": "orders", "payload": "an order", "payload_encoding": "string"}
        self.assertEqual(self.ask("POST", "exchanges/board/amq.default/publish", message), (200, {"routed": True}))

    def message(self, host):
        take = {"count": 1, "ackmode": "ack_requeue_true", "encoding": "auto"}
        status, messages = self.ask("POST", "queues/board/orders/get", take, host)
        return messages[0]["payload"] if status == 200 and messages else None

    def assert_nothing_to_do(self, site):
        site.run("plan", "--detailed-exitcode")

    def test_two_hosts_are_one_broker(self):
        before = {host: self.lab.snapshot(host, self.scratch / f"{host}-before.json") for host in HOSTS}
        both = {node: True for node in NODES.values()}
        with Site(self.lab, components(cookie=""), hosts=HOSTS) as site:
            site.run("apply", "--yes", expect=None)
            self.assertIn('"erlang_cookie": is needed with cluster', site.errors)

            site.write(components())
            site.run("apply", "--yes")
            for host in HOSTS:
                self.assertEqual(self.members(host), both)
                listening = {line.split()[3] for line in self.lab.on(host, "ss", "-Htln").splitlines()}
                own = {f"{self.lab.address(host)}:{port}" for port in (4369, 25672)}
                self.assertEqual({at for at in listening if at.endswith((":4369", ":25672"))}, own | {"127.0.0.1:4369"})
            self.assert_nothing_to_do(site)
            site.run("verify")
            self.leave_a_message()
            self.assertEqual(self.message("host2"), "an order")

            # A user is made once, seen by the other, and goes once. Both restart meanwhile, and the queue is not there
            # before the node that it is on.
            site.write(components(READER, heartbeat=30))
            site.run("apply", "--yes")
            self.assertIn("reader", self.users("host2"))
            self.assert_nothing_to_do(site)
            site.run("rollback", "--yes")
            self.assertNotIn("reader", self.users("host2"))
            site.write(components())
            self.assert_nothing_to_do(site)

            # One host leaves: the other keeps all that both held, and no member that is down.
            site.run("rollback", "rabbitmq", "--limit", "host1", "--yes")
            self.assertEqual(self.members("host2"), {NODES["host2"]: True})
            self.assertEqual(self.users("host2"), {"admin", "board"})
            self.assertEqual(self.message("host2"), "an order")
            # It comes back, without data, and gets it from there.
            site.run("apply", "--yes")
            self.assertEqual(self.members(), both)
            self.assertEqual(self.message("host1"), "an order")

            # Without a majority the other one stops, and who is missing is named.
            self.lab.on("host2", "systemctl", "kill", "--signal=KILL", "rabbitmq-server")
            self.lab.on("host2", "systemctl", "stop", "rabbitmq-server")
            wait_until(lambda: ":5672" not in self.lab.on("host1", "ss", "-Htln"), 30)
            site.run("verify", expect=3)
            self.assertIn("sees no majority of its cluster", site.errors)
            self.assertIn(f"{NODES['host2']} runs in the cluster", site.errors)
            # Nor does that keep anything from being taken back.
            site.run("rollback", "rabbitmq", "--yes")
        for host in HOSTS:
            after = self.lab.snapshot(host, self.scratch / f"{host}-after.json")
            self.assertEqual(self.lab.differences(before[host], after), "", host)


if __name__ == "__main__":
    unittest.main()
