"""OpenSearch on a real host: made, changed with a restart, and taken back without residue."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from searching import SearchServer  # noqa: E402
from wrightrun import Site  # noqa: E402


class OpenSearch(SearchServer):
    flavor, version = "opensearch", "2.19.6"

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

    def test_made_changed_and_taken_back(self):
        before = self.lab.snapshot("host1", self.scratch / "before.json")
        with Site(self.lab, self.components('password = "long enough"')) as site:
            site.run("apply", "--yes", expect=None)
            self.assertIn('"password": is Elasticsearch\'s', site.errors)

            site.write(self.components())
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
            site.write(self.components('settings = { "indices.query.bool.max_clause_count" = "4096" }'))
            site.run("apply", "--yes")
            self.assertNotEqual(self.pid(), pid)
            settings = next(iter(self.ask("GET", "/_nodes/settings?flat_settings=true")[1]["nodes"].values()))["settings"]
            self.assertEqual(settings["indices.query.bool.max_clause_count"], "4096")
            self.assertEqual(self.ask("GET", "/kept/_search?q=word:proof")[1]["hits"]["total"]["value"], 1)
            self.assert_nothing_to_do(site)
            self.assert_taken_back(site, before)


if __name__ == "__main__":
    unittest.main()
