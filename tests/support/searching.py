"""What the tests of search servers have in common: a fresh host, a source for apt, and REST as the host itself sees it."""
import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

from wrightrun import Lab

# Hosts of the lab have too few file descriptors for a node whose address is not of loopback. So each node has a loopback
# address of its own, and on the other host, systemd listens there and passes on.
NODES = {"host1": "127.0.1.1", "host2": "127.0.2.1"}
OTHER = {"host1": "host2", "host2": "host1"}
RELAY = "/usr/lib/systemd/systemd-socket-proxyd"
NOTHING = "0 to create, 0 to change, 0 to remove"


class SearchServer(unittest.TestCase):
    """`flavor` and `version` are those of the package; `login` is USER:PASSWORD, or empty; `https` is how REST is asked."""
    flavor, version, login, https = "", "", "", False
    hosts = ("host1",)

    def setUp(self):
        self.lab = Lab()
        self.lab("up", str(len(self.hosts)))
        for host in self.hosts:
            self.lab("reset", host)
        offered = json.loads(self.lab("repository", f"{self.flavor}={self.version}", "--json", timeout=900))
        key = pathlib.Path(offered["key"]).read_text(encoding="utf-8")
        self.source = (f'[components.{self.flavor}.source]\nuri = "{offered["uri"]}"\nsuite = "{offered["suite"]}"\n'
                       f'component = "{offered["component"]}"\nkey = """{key}"""\n')
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)

    def ask(self, method, path, body=None, host="host1", login=None):
        """Status and body, asked from the host itself by bash or openssl, as it has no other client."""
        text = "" if body is None else json.dumps(body)
        coded = base64.b64encode((self.login if login is None else login).encode()).decode()
        known = f"Authorization: Basic {coded}\r\n" if coded else ""
        request = (f"{method} {path} HTTP/1.0\r\n{known}Content-Type: application/json\r\n"
                   f"Content-Length: {len(text)}\r\n\r\n{text}")
        coded = base64.b64encode(request.encode()).decode()
        way = (f"base64 -d <<<{coded} | openssl s_client -quiet -connect 127.0.0.1:9200 2>/dev/null" if self.https else
               f"exec 3<>/dev/tcp/127.0.0.1/9200; base64 -d <<<{coded} >&3; cat <&3")
        answer = self.lab.on(host, "bash", "-c", way)
        head, _, rest = answer.replace("\r\n", "\n").partition("\n\n")
        return int(head.split()[1]), json.loads(rest) if "json" in head else rest

    def make_pair(self):
        """Paths of a new certificate and its key, and the option with both."""
        certificate, key = self.scratch / "certificate.pem", self.scratch / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=lab", "-keyout", str(key), "-out",
                        str(certificate)], check=True, capture_output=True)
        return certificate, key, f"tls = {{ certificate = {json.dumps(certificate.read_text())}, key = {json.dumps(key.read_text())} }}"

    def pid(self):
        return self.lab.on("host1", "systemctl", "show", "--property=MainPID", "--value", self.flavor).strip()

    def assert_nothing_to_do(self, site):
        start = time.monotonic()
        self.assertIn(NOTHING, site.run("apply", "--yes"))
        print(f"no change: {time.monotonic() - start:.3f} s", file=sys.stderr)

    def assert_taken_back(self, site, before):
        """Without residue; indices are data, and in quarantine."""
        site.run("rollback", self.flavor, "--yes")
        kept = self.lab.on("host1", "find", "/var/lib/wright/quarantine", "-path", f"*/var/lib/{self.flavor}/nodes/0/indices/*", "-type", "d")
        self.assertNotEqual(kept.strip(), "")
        after = self.lab.snapshot("host1", self.scratch / "after.json")
        self.assertEqual(self.lab.differences(before, after), "")

    def assert_no_canary(self):
        """In no log, no command line, no file that others may read."""
        self.assertNotIn("canary", self.lab.on("host1", "ps", "-eo", "args"))
        self.assertNotIn("canary", self.lab.on("host1", "sh", "-c", "journalctl --no-pager | grep canary | grep -v 'sh -c'", check=False))
        found = self.lab.on("host1", "sh", "-c", "grep -rlI canary /etc /var/log /run /tmp 2>/dev/null", check=False)
        self.assertEqual(found.strip(), "")


class TwoSearchServers(SearchServer):
    """Two nodes on two hosts. `node` has the lines of a component's table; `transport` those of its table of that name."""
    hosts = ("host1", "host2")

    def setUp(self):
        super().setUp()
        certificate, key, self.tls = self.make_pair()
        self.pair = certificate, key
        self.before = {}

    def components(self, node, transport):
        return "".join(f'''
[components.node_{host}]
plugin = "elasticsearch"
flavor = "{self.flavor}"
hosts = ["{host}"]
version = "{self.version}"
cluster_name = "lab"
heap_mb = 512
replicas = 1
seeds = ["{NODES[OTHER[host]]}:9300"]
first_masters = ["host1", "host2"]
{node}
{self.source.replace(f"components.{self.flavor}", f"components.node_{host}")}
[components.node_{host}.transport]
bind = "{NODES[host]}"
{transport}
''' for host in self.hosts)

    def connect(self):
        """Remembers the hosts as they are, and gives each the other node's address, and the way to its own from there."""
        for host in self.hosts:
            self.before[host] = self.lab.snapshot(host, self.scratch / f"{host}-before.json")
            ways = {NODES[OTHER[host]]: self.lab.address(OTHER[host]), self.lab.address(host): NODES[host]}
            for number, (listen, to) in enumerate(ways.items()):
                self.lab.on(host, "systemd-run", "--quiet", f"--unit=relay{number}", f"--socket-property=ListenStream={listen}:9300", RELAY, f"{to}:9300")

    def assert_as_before(self):
        for host in self.hosts:
            self.lab.on(host, "systemctl", "stop", "relay0.socket", "relay1.socket", "relay0.service", "relay1.service")
            after = self.lab.snapshot(host, self.scratch / f"{host}-after.json")
            self.assertEqual(self.lab.differences(self.before[host], after), "", host)
