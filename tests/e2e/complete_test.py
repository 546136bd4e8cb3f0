"""The complete master server, configs/raycrafter with its logging server, on a fresh host of 4 GiB: a request to the page is found in
Graylog, nothing is left to do, and all of it goes without a trace."""
import base64
import collections
import json
import os
import pathlib
import re
import sys
import tempfile
import time
import unittest
import urllib.parse

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / folder) for folder in ("support", "bench")]
import canary  # noqa: E402
import masterserver  # noqa: E402
from load import NamedHost, fetch  # noqa: E402
from timing import round_trips  # noqa: E402
from wrightrun import Lab, Site  # noqa: E402

NAME = "raycrafter.example.org"
MEMORY_MIB = 4096
CAN_LIMIT = pathlib.Path("/sys/fs/cgroup/memory/memory.limit_in_bytes").exists()
# What Elasticsearch and MongoDB may need more than once on a busy machine.
PATIENCE_S = 60
NOTHING = "0 to create, 0 to change, 0 to remove"


CHATTY = '''
[components.supervisor]
[[components.supervisor.programs]]
name = "chatty"
command = ["/bin/sh", "-c", "while sleep 1; do echo said by a program; done"]
'''


def say(text):
    print(text, file=sys.stderr, flush=True)


class Complete(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.lab("up", "1")
        cls.lab("reset", "host1", *(["--memory", str(MEMORY_MIB)] if CAN_LIMIT else []))
        offered = json.loads(cls.lab("repository", "--json", "mongodb-org-server", "elasticsearch", "graylog-server", timeout=900))
        cls.scratch = tempfile.TemporaryDirectory(prefix="wright-e2e-")
        cls.folder = pathlib.Path(cls.scratch.name)
        os.environ["WRIGHT_IDENTITY"] = str(cls.folder / "identity.txt")
        masterserver.prepare_host(cls.lab.root("host1"))
        cls.before = cls.lab.snapshot("host1", cls.folder / "before.json")
        cls.site = Site(cls.lab, "")
        cls.text = masterserver.site_file(cls.lab("site", "host1=master"), offered=offered)
        cls.write(cls.text)
        cls.site.run("secrets", "init")
        cls.address = cls.lab.address("host1")
        (cls.folder / "begun").touch()

    @classmethod
    def write(cls, text):
        (cls.site.folder / "site.toml").write_text(text)

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__()
        cls.scratch.cleanup()

    def secrets(self):
        return masterserver.secrets_of(self.site, self.folder / "identity.txt")

    def graylog(self, path):
        """What the REST interface answers, asked as a browser would: through nginx, over TLS."""
        connection = NamedHost(self.address, NAME, port=9000)
        try:
            login = base64.b64encode(f"admin:{self.secrets()['graylog_admin']}".encode()).decode()
            connection.request("GET", "/api/" + path, headers={"Authorization": f"Basic {login}", "Accept": "application/json"})
            answer = connection.getresponse()
            text = answer.read().decode()
            self.assertEqual(answer.status, 200, text)
            return json.loads(text)
        finally:
            connection.close()

    def answers(self):
        """Whether Graylog's REST interface can be asked again."""
        connection = NamedHost(self.address, NAME, port=9000)
        try:
            connection.request("GET", "/api/system/lbstatus")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def found(self, query):
        """The first message that the query finds, as soon as there is one."""
        path = "search/universal/relative?range=600&query=" + urllib.parse.quote(query)
        start = time.monotonic()
        while not (answer := self.graylog(path))["messages"]:
            self.assertLess(time.monotonic() - start, PATIENCE_S, query)
            time.sleep(0.2)
        self.answered = answer["total_results"]
        say(f"{query}: found after {time.monotonic() - start:.1f} s")
        return answer["messages"][0]["message"]

    def refused(self, words, *pairs):
        """That the plan of the site file with other lines is refused, in these words."""
        text = self.text
        for before, after in pairs:
            self.assertIn(before, text)
            text = text.replace(before, after)
        self.write(text)
        self.site.run("apply", "--yes", expect=None)
        self.assertNotEqual(self.site.code, 0, words)
        for word in words:
            self.assertIn(word, self.site.errors)

    def test_0_what_cannot_work_is_refused_before_the_first_change(self):
        most = 31744
        memory_mb = int(pathlib.Path("/proc/meminfo").read_text().split()[1]) // 1024
        if memory_mb < most:
            self.refused([f'"heap_mb": is {most}, and the host has'], ("heap_mb = 512  ", f"heap_mb = {most}  "))
            self.refused(['"heap_mb": is more than the host\'s memory'], ("heap_mb = 512\n", f"heap_mb = {most}\n"))
        else:
            say(f"not tried: no heap is larger than the memory of this machine, {memory_mb} MiB")
        self.refused(["Graylog 5.0 cannot work with elasticsearch 6.8: Graylog 5 wants Elasticsearch 7.10 or OpenSearch"],
                     ('version = "3.3.11-1"', 'version = "5.0.13-1"'))
        self.refused(["the journal may take 10000000 MiB"], ("max_mb = 1024", "max_mb = 10000000"))
        self.lab.on("host1", "systemd-run", "--quiet", "--unit=squatter", "--socket-property=ListenStream=127.0.0.1:27017", "/bin/true")
        self.refused(["127.0.0.1:27017/tcp is taken by"])
        self.lab.on("host1", "systemctl", "stop", "squatter.socket")
        self.write(self.text)
        after = self.lab.snapshot("host1", self.folder / "refused.json")
        self.assertEqual(self.lab.differences(self.before, after), "")

    def test_1_one_command_brings_it_about(self):
        start = time.monotonic()
        events = [json.loads(line) for line in self.site.run("apply", "--yes", "--json", timeout=800).splitlines()]
        say(f"first apply: {time.monotonic() - start:.1f} s")
        spent = collections.Counter()
        for event in events:
            if event.get("state") == "done" and event.get("event") in ("step", "probe"):
                spent[event["component"] or "packages"] += event["elapsed_ms"] / 1000
        say("seconds of work: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in spent.most_common()))
        self.assertLessEqual({"mongodb", "elasticsearch", "graylog", "nginx"}, set(spent))

    def test_2_a_request_is_found_with_its_fields(self):
        status, text = fetch(self.address, NAME, "/?looked-for=this")
        self.assertEqual(status, 200)
        self.assertIn("A row from the database", text)
        message = self.found('nginx_access:true AND request_path:"/?looked-for=this"')
        self.assertEqual((message["response_status"], message["request_verb"]), (200, "GET"))
        self.assertGreaterEqual(message["response_time"], 0)

        self.assertEqual(fetch(self.address, NAME, "/nowhere")[0], 404)
        message = self.found("from_django:true AND status_code:404")
        self.assertEqual((message["request_path"], message["request_verb"], self.answered), ("/nowhere", "GET", 1))
        self.found("from_gunicorn:true")

    def test_2_other_logs_are_found_in_their_streams(self):
        streams = {stream["title"]: stream["id"] for stream in self.graylog("streams")["streams"]}
        self.lab.on("host1", "sh", "-c", "logger -t proof of-the-journal; su postgres -c \"psql -c 'SELECT looked_for_this'\"", check=False)
        self.lab.on("host1", "sh", "-c", "printf nonsense | timeout 5 bash -c 'cat > /dev/tcp/127.0.0.1/5672'", check=False)
        self.assertEqual(fetch(self.address, NAME, "/")[0], 200)
        for name, query in {"system": "application_name:proof AND message:\"of-the-journal\"", "celery": "unit:celery.service",
                            "postgresql": "application_name:postgresql AND looked_for_this", "rabbitmq": "application_name:rabbitmq"}.items():
            message = self.found(query)
            self.assertIn(streams[name], message["streams"], query)
            self.assertTrue(message["from_syslog"])

    def test_2_nothing_is_lost_while_graylog_restarts(self):
        start = time.monotonic()
        self.lab.on("host1", "sh", "-c", "systemctl restart --no-block graylog-server;"
                    " for n in $(seq 300); do logger -t numbered number-$n; sleep 0.02; done")
        self.assertLess(time.monotonic() - start, PATIENCE_S, "who logs was held up")
        deadline = time.monotonic() + 2 * PATIENCE_S
        while not self.answers():
            self.assertLess(time.monotonic(), deadline, "Graylog does not come back")
            time.sleep(0.5)
        self.found("application_name:numbered AND message:\"number-300\"")
        self.found("application_name:numbered")
        deadline = time.monotonic() + PATIENCE_S
        while self.answered < 300 and time.monotonic() < deadline:
            self.found("application_name:numbered")
        say(f"{self.answered} of 300 messages that were logged while Graylog restarted")
        self.assertEqual(self.answered, 300)

    def test_2_programs_of_supervisor_are_found_too(self):
        files = '  { path = "/var/log/postgresql/*.log", tag = "postgresql" },\n'
        self.assertIn(files, self.text)
        self.write(self.text.replace(files, files + '  { path = "/var/log/supervisor/*.log", tag = "supervisor" },\n') + CHATTY)
        self.site.run("apply", "--yes")
        message = self.found("application_name:supervisor AND message:\"said by a program\"")
        streams = {stream["title"]: stream["id"] for stream in self.graylog("streams")["streams"]}
        self.assertIn(streams["supervisor"], message["streams"])
        self.site.run("rollback", "--yes")
        self.write(self.text)

    def test_3_no_secret_lies_in_the_open(self):
        values = [value for value in self.secrets().values() if len(value) >= 16]
        self.assertGreaterEqual(len(values), 9)
        self.assertEqual(canary.on_host(self.lab, "host1", values), [])
        self.assertEqual(canary.on_controller(values, [self.site.folder], self.folder / "begun"), [])

    def test_3_nothing_is_left_to_do(self):
        start = time.monotonic()
        self.assertIn(NOTHING, self.site.run("apply", "--yes"))
        spent = time.monotonic() - start
        trips = round_trips(self.site.command("apply", "--yes"), self.address, cwd=self.site.folder)
        say(f"no change: {spent:.3f} s, {trips} round trips with those of SSH")

    @unittest.skipUnless(CAN_LIMIT, "this machine has no memory controller of cgroup v1")
    def test_3_its_memory_suffices(self):
        used = json.loads(self.lab("memory", "host1"))
        say(f"memory of the host: {used['anonymous_mib']} MiB of its processes, at most {used['peak_mib']} MiB with files, of {used['limit_mib']} MiB")
        self.assertEqual(used["limit_mib"], MEMORY_MIB)
        self.assertLess(used["anonymous_mib"], MEMORY_MIB * 3 // 4)

    def test_4_every_part_proves_its_function(self):
        start = time.monotonic()
        self.site.run("verify")
        say(f"verify: {time.monotonic() - start:.1f} s")

    def test_4_a_killed_server_is_named_with_what_to_do(self):
        for unit in ("mongod", "elasticsearch", "graylog-server"):
            self.stays_dead(f"mkdir -p /run/systemd/system/{unit}.service.d && printf '[Service]\\nRestart=no\\n' >/run/systemd/system/{unit}.service.d/zz-dead.conf")
            self.lab.on("host1", "systemctl", "kill", "--signal=KILL", unit)
            start = time.monotonic()
            self.site.run("verify", expect=None)
            say(f"verify after kill -9 of {unit}: exit {self.site.code} after {time.monotonic() - start:.1f} s\n{self.site.errors[-1500:]}")
            self.assertEqual(self.site.code, 3)
            self.assertIn(f"{unit}.service does not run", self.site.errors)
            self.assertIn("next: ", self.site.errors)
            self.stays_dead(f"rm -r /run/systemd/system/{unit}.service.d")
            self.site.run("apply", "--yes")
            self.site.run("verify")

    def stays_dead(self, how):
        """A unit that systemd starts again by itself would be well before verify has lost its patience."""
        self.lab.on("host1", "sh", "-c", how + " && systemctl daemon-reload")

    def test_5_rolled_back_without_a_trace(self):
        start = time.monotonic()
        # The applies that mended what was killed are the first to go.
        while "nothing" not in self.site.run("rollback", "--yes", expect=None, timeout=600) + self.site.errors:
            self.assertEqual(self.site.code, 0, self.site.errors)
        say(f"rollback: {time.monotonic() - start:.1f} s")
        after = self.lab.snapshot("host1", self.folder / "after.json")
        self.assertEqual(self.lab.differences(self.before, after), "")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
