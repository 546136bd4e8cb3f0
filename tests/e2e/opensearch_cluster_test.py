"""Two nodes of OpenSearch on two hosts, with accounts that both know."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from searching import TwoSearchServers  # noqa: E402
from wrightrun import Site  # noqa: E402

OLD, NEW = "a long canary", "another long canary"
READER = "reader:the canary's reader"


class Cluster(TwoSearchServers):
    flavor, version, https = "opensearch", "2.19.4", True

    def nodes(self, password, subject="CN=lab"):
        return self.components(f'''
password = "{password}"
users = [{{ name = "reader", password = "the canary's reader", roles = ["reader"] }}]
user_roles = [{{ name = "reader", cluster = ["cluster_monitor"], indices = [{{ names = ["open_*"], privileges = ["read"] }}] }}]
''', f'nodes = ["{subject}"]\n{self.tls}')

    def test_two_nodes_share_their_accounts(self):
        self.connect()
        with Site(self.lab, self.nodes(OLD, subject="CN=*"), hosts=self.hosts) as site:
            site.run("apply", "--yes", expect=None)
            self.assertIn('"transport.nodes[0]": must not fit the administrator', site.errors)

            site.write(self.nodes(OLD))
            site.run("apply", "--yes", timeout=800)
            self.login = f"wright:{OLD}"
            self.assert_nothing_to_do(site)
            site.run("verify")
            self.assertEqual(self.ask("PUT", "/open_1/_doc/1?refresh=true", {"word": "proof"})[0], 201)
            self.ask("GET", "/_cluster/health?wait_for_status=green&timeout=30s")
            for host in self.hosts:
                self.assertEqual(self.ask("GET", "/open_1/_count?preference=_local", host=host, login=READER)[1]["count"], 1)

            # Both give the index the same users, at once.
            site.write(self.nodes(NEW))
            site.run("apply", "--yes")
            for host in self.hosts:
                self.assertEqual(self.ask("GET", "/", host=host, login=f"wright:{NEW}")[0], 200)
                self.assertEqual(self.ask("GET", "/", host=host)[0], 401)
            self.login = f"wright:{NEW}"
            self.assert_nothing_to_do(site)

            # A node that boots alone waits for the other, and does not fail for that: it was given its users.
            self.lab.on("host2", "systemctl", "stop", "opensearch")
            self.lab.on("host1", "systemctl", "restart", "opensearch", "opensearch-accounts")
            self.assertEqual(self.state("host1"), ["active", "active"])
            self.lab.on("host2", "systemctl", "start", "opensearch")
            site.run("verify")
            self.assertEqual([self.state(host) for host in self.hosts], [["active", "active"]] * 2)
            self.assertEqual(self.ask("GET", "/_cluster/health")[1]["number_of_nodes"], 2)

            site.run("rollback", "--yes")
            for host in self.hosts:
                self.assertEqual(self.ask("GET", "/", host=host, login=f"wright:{OLD}")[0], 200)
            site.run("rollback", "--yes")
        self.assert_as_before()

    def state(self, host):
        return self.lab.on(host, "systemctl", "is-active", "opensearch", "opensearch-accounts", check=False).split()


if __name__ == "__main__":
    unittest.main()
