"""Elasticsearch on a real host: made with a password, mended, refused, and taken back without residue."""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from searching import SearchServer  # noqa: E402
from wrightrun import Site  # noqa: E402

PASSWORD = "canary p@ss/w:rd"
# What a server that runs writes whenever it likes.
BUSY = ("/var/lib/elasticsearch/*", "/var/log/elasticsearch/*")


class Elasticsearch(SearchServer):
    flavor, version, login = "elasticsearch", "6.8.23", f"wright:{PASSWORD}"

    def components(self, more="heap_mb = 512"):
        return f'''
[components.elasticsearch]
version = "{self.version}"
shards = 2
auto_create_index = "false"
placeholders = ["logs"]
password = "{PASSWORD}"
settings = {{ "xpack.ml.enabled" = "false", "xpack.watcher.enabled" = "false" }}
{more}
{self.source}
'''

    def test_made_mended_refused_and_taken_back(self):
        before = self.lab.snapshot("host1", self.scratch / "before.json")
        with Site(self.lab, self.components("heap_mb = 1000000000")) as site:
            # Nothing is done with a heap that no machine has.
            site.run("apply", "--yes", expect=None)
            self.assertIn("heap_mb", site.errors)

            # Another program has the port: refused before anything is installed.
            self.lab.on("host1", "systemd-run", "--quiet", "--unit=squatter", "--socket-property=ListenStream=127.0.0.1:9200", "/bin/true")
            site.write(self.components())
            site.run("apply", "--yes", expect=None)
            self.assertIn("127.0.0.1:9200/tcp is taken by", site.errors)
            self.lab.on("host1", "systemctl", "stop", "squatter.socket")
            self.assertEqual(self.lab.on("host1", "sh", "-c", "ls /etc/elasticsearch 2>&1", check=False).count("No such file"), 1)

            site.run("apply", "--yes")
            self.assertIn("container", site.errors)  # why vm.max_map_count is not set
            self.assert_nothing_to_do(site)
            site.run("verify")
            self.assertEqual([one["index"] for one in self.ask("GET", "/_cat/indices?format=json")[1]], ["logs_none"])
            self.assertEqual(self.ask("GET", "/logs_*/_alias"), (200, {"logs_none": {"aliases": {"logs_nothing": {}}}}))

            # What an index is like that says nothing itself; and none is made by writing to it.
            self.assertEqual(self.ask("PUT", "/kept")[0], 200)
            settings = self.ask("GET", "/kept/_settings")[1]["kept"]["settings"]["index"]
            self.assertEqual((settings["number_of_shards"], settings["number_of_replicas"]), ("2", "0"))
            self.assertEqual(self.ask("PUT", "/other/_doc/1", {"a": 1})[0], 404)
            self.assertEqual(self.ask("PUT", "/kept/_doc/1?refresh=true", {"word": "proof"})[0], 201)

            # A template that was changed by hand is put right, without a restart.
            pid = self.pid()
            self.assertEqual(self.ask("DELETE", "/_template/wright")[0], 200)
            self.assertIn("1 to create", site.run("plan", expect=None))
            site.run("apply", "--yes")
            self.assertEqual(self.ask("GET", "/_template/wright")[0], 200)
            self.assertEqual(self.pid(), pid)

            # A shard that finds no place: verify says which and why.
            self.assertEqual(self.ask("PUT", "/kept/_settings", {"index": {"number_of_replicas": 1}})[0], 200)
            site.run("verify", expect=None)
            self.assertNotEqual(site.code, 0)
            self.assertIn("cannot allocate because", site.errors)
            self.assertIn("REPLICA_ADDED", site.errors)
            self.assertEqual(self.ask("PUT", "/kept/_settings", {"index": {"number_of_replicas": 0}})[0], 200)

            self.lab.on("host1", "systemctl", "kill", "--signal=KILL", "elasticsearch")
            site.run("apply", "--yes")
            self.assertEqual(self.ask("GET", "/kept/_count?q=word:proof")[1]["count"], 1)

            self.expect_the_former_settings_when_it_does_not_start(site)

            # By HTTPS, wright and the index template find the server as well. And back.
            self.ask("GET", "/_cluster/health?wait_for_status=green&timeout=60s")
            site.write(self.components(f"heap_mb = 512\n{self.make_pair()[2]}"))
            self.assertNotIn("changed by somebody else", site.run("plan"))
            site.run("apply", "--yes")
            self.assert_nothing_to_do(site)
            site.run("verify")
            with self.assertRaises(IndexError):  # no answer at all
                self.ask("GET", "/")
            site.run("rollback", "--yes")
            self.ask("GET", "/_cluster/health?wait_for_status=green&timeout=60s")
            self.assertEqual(self.ask("GET", "/kept/_count?q=word:proof")[1]["count"], 1)
            # What it holds is back too, though it was asked for by another address in between.
            self.assertEqual(self.ask("GET", "/_template/wright")[0], 200)
            self.assertEqual(self.ask("GET", "/logs_*/_alias"), (200, {"logs_none": {"aliases": {"logs_nothing": {}}}}))

            self.assert_no_canary()
            self.assert_taken_back(site, before)

    def expect_the_former_settings_when_it_does_not_start(self, site):
        """What only the server itself can refuse: its own words are told, and what was there serves again."""
        self.ask("GET", "/_cluster/health?wait_for_status=green&timeout=60s")
        before = self.lab.snapshot("host1", self.scratch / "before-refusal.json")
        site.write(self.components().replace("settings = { ", 'settings = { "no.such.setting" = "1", '))
        self.assertIn('+no.such.setting: "1"', site.run("plan"))
        start = time.monotonic()
        site.run("apply", "--yes", expect=5)
        print(f"refused by the server and taken back: {time.monotonic() - start:.1f} s", file=sys.stderr)
        self.assertIn("unknown setting [no.such.setting]", site.errors)
        self.ask("GET", "/_cluster/health?wait_for_status=green&timeout=60s")
        self.assertEqual(self.ask("GET", "/kept/_count?q=word:proof")[1]["count"], 1)
        after = self.lab.snapshot("host1", self.scratch / "after-refusal.json")
        self.assertEqual(self.lab.differences(before, after, busy=BUSY), "")
        site.write(self.components())
        self.assert_nothing_to_do(site)


if __name__ == "__main__":
    unittest.main()
