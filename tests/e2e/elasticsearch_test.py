"""Elasticsearch on a real host: made with a password, mended, refused, and taken back without residue."""
import base64
import json
import pathlib
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from wrightrun import Lab, Site  # noqa: E402

VERSION = "6.8.23"
PASSWORD = "canary p@ss/w:rd"


def components(source, more="heap_mb = 512"):
    return f'''
[components.elasticsearch]
version = "{VERSION}"
shards = 2
auto_create_index = "false"
password = "{PASSWORD}"
settings = {{ "xpack.ml.enabled" = "false", "xpack.watcher.enabled" = "false" }}
{more}
{source}
'''


class Elasticsearch(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.lab("up", "1")
        self.lab("reset", "host1")
        offered = json.loads(self.lab("repository", f"elasticsearch={VERSION}", "--json", timeout=900))
        key = pathlib.Path(offered["key"]).read_text(encoding="utf-8")
        self.source = (f'[components.elasticsearch.source]\nuri = "{offered["uri"]}"\nsuite = "{offered["suite"]}"\n'
                       f'component = "{offered["component"]}"\nkey = """{key}"""\n')
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)

    def ask(self, method, path, body=None):
        """Status and body, asked from the host itself by bash, as it has no other client."""
        text = "" if body is None else json.dumps(body)
        login = base64.b64encode(f"wright:{PASSWORD}".encode()).decode()
        request = (f"{method} {path} HTTP/1.0\r\nAuthorization: Basic {login}\r\nContent-Type: application/json\r\n"
                   f"Content-Length: {len(text)}\r\n\r\n{text}")
        coded = base64.b64encode(request.encode()).decode()
        answer = self.lab.on("host1", "bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/9200; base64 -d <<<{coded} >&3; cat <&3")
        head, _, rest = answer.replace("\r\n", "\n").partition("\n\n")
        return int(head.split()[1]), json.loads(rest)

    def pid(self):
        return self.lab.on("host1", "systemctl", "show", "--property=MainPID", "--value", "elasticsearch").strip()

    def test_made_mended_refused_and_taken_back(self):
        before = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "before.json")
        with Site(self.lab, components(self.source, "heap_mb = 1000000000")) as site:
            # Nothing is done with a heap that no machine has.
            site.run("apply", "--yes", expect=None)
            self.assertIn("heap_mb", site.errors)

            # Another program has the port: refused before anything is installed.
            self.lab.on("host1", "systemd-run", "--quiet", "--unit=squatter", "--socket-property=ListenStream=127.0.0.1:9200", "/bin/true")
            site.write(components(self.source))
            site.run("apply", "--yes", expect=None)
            self.assertIn("127.0.0.1:9200/tcp is taken by", site.errors)
            self.lab.on("host1", "systemctl", "stop", "squatter.socket")
            self.assertEqual(self.lab.on("host1", "sh", "-c", "ls /etc/elasticsearch 2>&1", check=False).count("No such file"), 1)

            site.run("apply", "--yes")
            self.assertIn("container", site.errors)  # why vm.max_map_count is not set
            start = time.monotonic()
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
            print(f"no change: {time.monotonic() - start:.3f} s", file=sys.stderr)
            site.run("verify")
            self.assertEqual(self.ask("GET", "/_cat/indices?format=json"), (200, []))

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

            self.assert_no_canary()
            site.run("rollback", "elasticsearch", "--yes")
        kept = self.lab.on("host1", "find", "/var/lib/wright/quarantine", "-path", "*/var/lib/elasticsearch/nodes/0/indices/*", "-type", "d")
        self.assertNotEqual(kept.strip(), "")
        after = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "after.json")
        self.assertEqual(self.lab.differences(before, after), "")

    def assert_no_canary(self):
        """In no log, no command line, no file that others may read."""
        self.assertNotIn("canary", self.lab.on("host1", "ps", "-eo", "args"))
        self.assertNotIn("canary", self.lab.on("host1", "sh", "-c", "journalctl --no-pager | grep canary | grep -v 'sh -c'", check=False))
        found = self.lab.on("host1", "sh", "-c", "grep -rlI canary /etc /var/log /run /tmp 2>/dev/null", check=False)
        self.assertEqual(found.strip(), "")


if __name__ == "__main__":
    unittest.main()
