"""OpenSearch on a real host, from a package as the vendor's: made, changed with a restart, given accounts, and taken back
without residue."""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from searching import SearchServer  # noqa: E402
from wrightrun import Site  # noqa: E402

OLD, NEW = "canary p@ss/w:rd", "another canary"
READER, WRITER = "the reader's canary", "aCanaryOfTheWriter0123456789abcdefghijklmnop"
USERS = f'''
users = [
  {{ name = "reader", password = "{READER}", roles = ["reader"] }},
  {{ name = "writer", password = "{WRITER}", roles = ["readall_and_monitor"] }},
]
user_roles = [{{ name = "reader", cluster = ["cluster_monitor"], indices = [{{ names = ["kept*"], privileges = ["read"] }}] }}]
'''
TOOL = "/usr/share/opensearch/plugins/opensearch-security/tools/securityadmin.sh"
# Gives the server what the tool's own arguments say, and fails all the same for so many times.
FAILS_AFTERWARDS = f"""#!/bin/bash
{TOOL}.real "$@" || exit
left=$(<{TOOL}.left)
echo $((left - 1)) >{TOOL}.left
[ $left -le 0 ]
"""
CLAUSES = 'settings = { "indices.query.bool.max_clause_count" = "4096" }'


class OpenSearch(SearchServer):
    flavor, version = "opensearch", "2.19.4"

    def components(self, more=""):
        return f'''
[components.opensearch]
plugin = "elasticsearch"
flavor = "opensearch"
version = "{self.version}"
cluster_name = "lab"
heap_mb = 512
shards = 3
roles = ["master", "data", "ingest"]
auto_create_index = "false"
{more}
{self.source}
'''

    def test_made_changed_given_accounts_and_taken_back(self):
        before = self.lab.snapshot("host1", self.scratch / "before.json")
        with Site(self.lab, self.components()) as site:
            # The package is not installed without a password for its demonstration.
            site.run("apply", "--yes")
            self.assert_nothing_to_do(site)
            site.run("verify")
            about = self.ask("GET", "/")[1]
            self.assertEqual((about["cluster_name"], about["version"]["distribution"], about["version"]["number"]), ("lab", "opensearch", self.version))
            self.assertEqual(self.ask("GET", "/_cat/indices?format=json"), (200, []))
            node = next(iter(self.ask("GET", "/_nodes")[1]["nodes"].values()))
            self.assertEqual(set(node["roles"]), {"cluster_manager", "data", "ingest"})
            self.assertEqual(node["jvm"]["mem"]["heap_max_in_bytes"], 512 << 20)

            self.assertEqual(self.ask("PUT", "/kept")[0], 200)
            self.assertEqual(self.ask("GET", "/kept/_settings")[1]["kept"]["settings"]["index"]["number_of_shards"], "3")
            self.assertEqual(self.ask("PUT", "/other/_doc/1", {"a": 1})[0], 404)
            self.assertEqual(self.ask("PUT", "/kept/_doc/1?refresh=true", {"word": "proof"})[0], 201)
            self.assertEqual(self.ask("GET", "/_cluster/health")[1]["status"], "green")

            # A setting of its file takes a restart, and what is indexed stays.
            pid = self.pid()
            site.write(self.components(CLAUSES))
            site.run("apply", "--yes")
            self.assertNotEqual(self.pid(), pid)
            settings = next(iter(self.ask("GET", "/_nodes/settings?flat_settings=true")[1]["nodes"].values()))["settings"]
            self.assertEqual(settings["indices.query.bool.max_clause_count"], "4096")
            self.assertEqual(self.count("kept"), 1)
            self.assert_nothing_to_do(site)

            self.expect_accounts(site)
            self.expect_another_password_without_a_restart(site)
            self.expect_the_former_password_when_the_new_one_is_not_confirmed(site)
            self.expect_it_back_when_its_removal_is_taken_back(site)
            self.assert_no_canary()

            # Back to a server that everybody may ask; and to accounts, by a rollback.
            site.write(self.components(CLAUSES))
            site.run("apply", "--yes")
            site.run("rollback", "--yes")
            for login, status in ((self.login, 200), (f"reader:{READER}", 200), ("", 401)):
                self.assertEqual(self.ask("GET", "/_cluster/health", login=login)[0], status, login)
            self.assertEqual(self.ask("GET", "/_plugins/_security/api/roles/reader")[0], 200)
            site.run("apply", "--yes")
            self.https, self.login = False, ""
            self.ask("GET", "/_cluster/health?wait_for_status=green&timeout=60s")
            self.assertEqual(self.count("kept"), 1)
            self.assert_nothing_to_do(site)
            self.assertEqual(self.lab.on("host1", "sh", "-c", "ls -d /etc/opensearch/wright-* /etc/opensearch-* /etc/systemd/system/*accounts* /var/lib/opensearch/wright* 2>/dev/null", check=False), "")
            self.assert_taken_back(site, before)

    def count(self, index, login=None):
        return self.ask("GET", f"/{index}/_count?q=word:proof", login=login)[1]["count"]

    def expect_accounts(self, site):
        """A server that serves everybody gets accounts: over HTTPS, each may do what its roles allow."""
        site.write(self.components(f'password = "{OLD}"\n{USERS}\n{CLAUSES}'))
        site.run("apply", "--yes")
        self.https, self.login = True, f"wright:{OLD}"
        self.assert_nothing_to_do(site)
        site.run("verify")
        self.assertEqual(self.count("kept"), 1)
        self.assertEqual(self.count("kept", login=f"reader:{READER}"), 1)
        self.assertEqual(self.ask("PUT", "/kept/_doc/2", {"a": 1}, login=f"reader:{READER}")[0], 403)
        self.assertEqual(self.ask("GET", "/_cluster/health", login=f"writer:{WRITER}")[0], 200)
        # Those of the demonstration are not there, nor is its certificate an administrator's.
        for login in ("", "admin:admin", "kibanaserver:kibanaserver", f"reader:{OLD}"):
            self.assertEqual(self.ask("GET", "/", login=login)[0], 401, login)
        self.assertEqual(set(self.ask("GET", "/_plugins/_security/api/internalusers")[1]), {"wright", "reader", "writer"})
        self.assertEqual(self.lab.on("host1", "sh", "-c", "ls /etc/opensearch/*.pem 2>&1", check=False).count("No such file"), 1)

        # A role that was changed by hand is put right.
        role = "/_plugins/_security/api/roles/reader"
        self.assertEqual(self.ask("PUT", role, {"cluster_permissions": ["cluster_all"]})[0], 200)
        self.assertIn("1 to change", site.run("plan", expect=None))
        site.run("apply", "--yes")
        self.assertEqual(self.ask("GET", role)[1]["reader"]["cluster_permissions"], ["cluster_monitor"])

        # An upgrade's script gives the server all of its configuration.
        self.lab.on("host1", "/var/lib/dpkg/info/opensearch.postinst", "configure", self.version)
        self.assert_nothing_to_do(site)

        # A user whom somebody took out of the index: verify says who does not get in, and nothing else.
        self.lab.on("host1", "runuser", "-u", "opensearch", "--", "bash", "-c", f'''sed /reader/d /etc/opensearch/opensearch-security/internal_users.yml >/tmp/users.yml
            OPENSEARCH_JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64 {TOOL} -f /tmp/users.yml -t internalusers -icl -nhnv -h 127.0.0.1 \\
            -cacert /etc/opensearch/wright-tls/http.crt -cert /etc/opensearch/wright-tls/admin.crt -key /etc/opensearch-accounts/admin.key''')
        site.run("verify", expect=3)
        failed = [line.split("FAILED ")[1].split("  ")[0] for line in site.errors.splitlines() if "FAILED" in line]
        self.assertEqual(failed, ["reader logs in", "reader has the role reader"])
        self.lab.on("host1", "sh", "-c", "rm /tmp/users.yml /var/lib/opensearch/wright-accounts; systemctl restart opensearch-accounts")
        site.run("verify")

        self.lab.on("host1", "systemctl", "kill", "--signal=KILL", "opensearch")
        site.run("verify", expect=None)
        self.assertNotEqual(site.code, 0)
        site.run("apply", "--yes")
        self.assertNotIn("created http", site.errors)  # what is there is not made because it cannot be seen yet
        site.run("verify")

    def expect_the_former_password_when_the_new_one_is_not_confirmed(self, site):
        """The tool fails after the server took the users: nothing of them is left."""
        tool = self.lab.root("host1") / TOOL[1:]
        real = tool.rename(f"{tool}.real")
        tool.write_text(FAILS_AFTERWARDS, encoding="utf-8")
        tool.chmod(0o755)
        left = pathlib.Path(f"{tool}.left")
        left.write_text("5", encoding="utf-8")
        left.chmod(0o666)
        site.write(self.components(f'password = "{NEW}"\n{USERS}\n{CLAUSES}'))
        site.run("apply", "--yes", expect=5)
        self.assertEqual(left.read_text(encoding="utf-8").strip(), "-1")
        left.unlink()
        real.rename(tool)
        for login, status in ((self.login, 200), (f"wright:{NEW}", 401)):
            self.assertEqual(self.ask("GET", "/_cluster/health", login=login)[0], status, login)
        site.write(self.components(f'password = "{OLD}"\n{USERS}\n{CLAUSES}'))
        self.assert_nothing_to_do(site)

    def expect_it_back_when_its_removal_is_taken_back(self, site):
        """Its package is installed again, whose script wants its variable again."""
        site.write("")
        site.run("apply", "--yes")
        self.assertEqual(self.lab.on("host1", "sh", "-c", "ls -d /etc/opensearch* /var/lib/opensearch 2>/dev/null", check=False), "")
        site.run("rollback", "--yes")
        self.ask("GET", "/_cluster/health?wait_for_status=green&timeout=60s")
        self.assertEqual(self.count("kept", login=f"reader:{READER}"), 1)
        site.write(self.components(f'password = "{OLD}"\n{USERS}\n{CLAUSES}'))
        self.assert_nothing_to_do(site)

    def expect_another_password_without_a_restart(self, site):
        """A user who is not listed any more is gone, too; and a rollback brings both back."""
        pid = self.pid()
        site.write(self.components(f'password = "{NEW}"\n{USERS}\n{CLAUSES}'.replace('  { name = "writer"', '  # { name = "writer"')))
        start = time.monotonic()
        site.run("apply", "--yes")
        print(f"another password: {time.monotonic() - start:.1f} s", file=sys.stderr)
        self.assertEqual(self.pid(), pid)
        self.login = f"wright:{NEW}"
        self.assert_nothing_to_do(site)
        site.run("verify")
        for login, status in ((self.login, 200), (f"wright:{OLD}", 401), (f"reader:{READER}", 200), (f"writer:{WRITER}", 401)):
            self.assertEqual(self.ask("GET", "/_cluster/health", login=login)[0], status, login)
        site.run("rollback", "--yes")
        self.assertEqual(self.pid(), pid)
        self.login = f"wright:{OLD}"
        for login, status in ((self.login, 200), (f"wright:{NEW}", 401), (f"reader:{READER}", 200), (f"writer:{WRITER}", 200)):
            self.assertEqual(self.ask("GET", "/_cluster/health", login=login)[0], status, login)
        site.write(self.components(f'password = "{OLD}"\n{USERS}\n{CLAUSES}'))
        self.assert_nothing_to_do(site)


if __name__ == "__main__":
    unittest.main()
