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
from searching import TwoSearchServers  # noqa: E402
from wrightrun import Site  # noqa: E402

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


class Cluster(TwoSearchServers):
    flavor, version, login = "elasticsearch", "6.8.23", "wright:a long canary"

    def nodes(self, tls):
        return self.components(f'''
password = "a long canary"
settings = {{ "xpack.ml.enabled" = "false", "xpack.watcher.enabled" = "false" }}
users = [{{ name = "reader", password = "the canary's reader", roles = ["reader"] }}]
user_roles = [{{ name = "reader", cluster = ["monitor"], indices = [{{ names = ["open_*"], privileges = ["read"] }}] }}]
plugins = [{{ name = "lab", url = "file://{PLUGIN}" }}]
''', tls)

    def test_two_nodes_know_each_other_by_their_certificate(self):
        for host in self.hosts:
            (self.lab.root(host) / PLUGIN[1:]).write_bytes(plugin_file(self.version))
        self.connect()
        with Site(self.lab, self.nodes(tls=""), hosts=self.hosts) as site:
            site.run("apply", "--yes", expect=None)
            self.assertIn('"transport.tls": is needed with seeds and a password', site.errors)

            site.write(self.nodes(self.tls))
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
        self.assert_as_before()

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
