"""Two nodes of Elasticsearch on two hosts, with accounts and TLS, and a plugin that is not the vendor's."""
import io
import pathlib
import socket
import ssl
import sys
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from java_class import java_class  # noqa: E402
from searching import SearchServer  # noqa: E402
from wrightrun import Site  # noqa: E402

# Hosts of the lab have too few file descriptors for a node whose address is not of loopback. So each node has a loopback
# address of its own, and on the other host, systemd listens there and passes on.
NODES = {"host1": "127.0.1.1", "host2": "127.0.2.1"}
OTHER = {"host1": "host2", "host2": "host1"}
RELAY = "/usr/lib/systemd/systemd-socket-proxyd"
PLUGIN = "/srv/lab-plugin.zip"


def plugin_file(version):
    jar, whole = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(jar, "w") as file:
        file.writestr("lab/Nothing.class", java_class("lab/Nothing", "org/elasticsearch/plugins/Plugin"))
    with zipfile.ZipFile(whole, "w") as file:
        file.writestr("lab.jar", jar.getvalue())
        file.writestr("plugin-descriptor.properties",
                      f"name=lab\ndescription=nothing\nversion=1.0\nclassname=lab.Nothing\njava.version=1.8\nelasticsearch.version={version}\n")
    return whole.getvalue()


class Cluster(SearchServer):
    flavor, version, login = "elasticsearch", "6.8.23", "wright:a long canary"
    hosts = ("host1", "host2")

    def setUp(self):
        super().setUp()
        certificate, key, self.tls = self.make_pair()
        self.pair = certificate, key

    def relay(self, host):
        """The other node's address, and the way to this one from there."""
        ways = {NODES[OTHER[host]]: self.lab.address(OTHER[host]), self.lab.address(host): NODES[host]}
        for number, (listen, to) in enumerate(ways.items()):
            self.lab.on(host, "systemd-run", "--quiet", f"--unit=relay{number}", f"--socket-property=ListenStream={listen}:9300", RELAY, f"{to}:9300")

    def components(self, tls):
        return "".join(f'''
[components.node_{host}]
plugin = "elasticsearch"
hosts = ["{host}"]
version = "{self.version}"
cluster_name = "lab"
heap_mb = 512
replicas = 1
seeds = ["{NODES[OTHER[host]]}:9300"]
first_masters = ["host1", "host2"]
password = "a long canary"
settings = {{ "xpack.ml.enabled" = "false", "xpack.watcher.enabled" = "false" }}
users = [{{ name = "reader", password = "the canary's reader", roles = ["reader"] }}]
user_roles = [{{ name = "reader", cluster = ["monitor"], indices = [{{ names = ["open_*"], privileges = ["read"] }}] }}]
plugins = [{{ name = "lab", url = "file://{PLUGIN}" }}]
{self.source.replace(f"components.{self.flavor}", f"components.node_{host}")}
[components.node_{host}.transport]
bind = "{NODES[host]}"
{tls}
''' for host in self.hosts)

    def test_two_nodes_know_each_other_by_their_certificate(self):
        before = {}
        for host in self.hosts:
            (self.lab.root(host) / PLUGIN[1:]).write_bytes(plugin_file(self.version))
            before[host] = self.lab.snapshot(host, self.scratch / f"{host}-before.json")
            self.relay(host)
        with Site(self.lab, self.components(tls=""), hosts=self.hosts) as site:
            site.run("apply", "--yes", expect=None)
            self.assertIn('"transport.tls": is needed with seeds and a password', site.errors)

            site.write(self.components(self.tls))
            site.run("apply", "--yes", timeout=800)
            self.assert_nothing_to_do(site)
            site.run("verify")
            health = self.ask("GET", "/_cluster/health")[1]
            self.assertEqual((health["status"], health["number_of_nodes"]), ("green", 2))
            plugins = self.ask("GET", "/_cat/plugins?format=json")[1]
            self.assertEqual({(one["name"], one["component"], one["version"]) for one in plugins}, {(host, "lab", "1.0") for host in self.hosts})
            self.assert_speaks_tls()

            # What one node is told, the other knows, on a shard of each.
            self.assertEqual(self.ask("PUT", "/open_1/_doc/1?refresh=true", {"word": "proof"})[0], 201)
            self.ask("GET", "/_cluster/health?wait_for_status=green&timeout=30s")
            for host in self.hosts:
                self.assertEqual(self.ask("GET", "/open_1/_count?q=word:proof&preference=_local", host=host)[1]["count"], 1)
            self.assertEqual(self.ask("PUT", "/closed_1")[0], 200)

            # A user does what its role allows, on either node.
            reader = "reader:the canary's reader"
            self.assertEqual(self.ask("GET", "/open_1/_count", host="host2", login=reader)[0], 200)
            self.assertEqual(self.ask("GET", "/closed_1/_count", login=reader)[0], 403)
            self.assertEqual(self.ask("PUT", "/open_1/_doc/2", {}, login=reader)[0], 403)
            self.assertEqual(self.ask("GET", "/", login="reader:wrong")[0], 401)
            # Not even the administrator deletes all there is.
            self.assertEqual(self.ask("DELETE", "/_all")[0], 400)
            self.assertEqual(self.ask("DELETE", "/open_*")[0], 400)

            site.run("rollback", "--yes")
        for host in self.hosts:
            self.lab.on(host, "systemctl", "stop", "relay0.socket", "relay1.socket", "relay0.service", "relay1.service")
            after = self.lab.snapshot(host, self.scratch / f"{host}-after.json")
            self.assertEqual(self.lab.differences(before[host], after), "", host)

    def assert_speaks_tls(self):
        """Between nodes, to who has the certificate, and to nobody else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(self.pair[0])
        context.load_cert_chain(*self.pair)
        with socket.create_connection((self.lab.address("host1"), 9300), timeout=30) as plain, context.wrap_socket(plain) as safe:
            self.assertEqual(safe.getpeercert()["subject"], ((("commonName", "lab"),),))


if __name__ == "__main__":
    unittest.main()
