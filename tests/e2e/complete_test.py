"""The complete master server, configs/raycrafter with its logging server, on a fresh host of 4 GiB: a request to the page is found in
Graylog, nothing is left to do, and all of it goes without a trace."""
import base64
import collections
import json
import os
import pathlib
import re
import socket
import ssl
import sys
import tempfile
import time
import unittest
import urllib.parse

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / folder) for folder in ("support", "bench")]
import canary  # noqa: E402
import masterserver  # noqa: E402
from execs import Execs  # noqa: E402
from load import NamedHost, fetch  # noqa: E402
from timing import round_trips  # noqa: E402
from wrightrun import BUILD, Lab, Site  # noqa: E402

NAME = "raycrafter.example.org"
MEMORY_MIB = 4096
CAN_LIMIT = pathlib.Path("/sys/fs/cgroup/memory/memory.limit_in_bytes").exists()
# What Elasticsearch and MongoDB may need more than once on a busy machine.
PATIENCE_S = 60
# Messages that a killed Graylog may lose of one sender: README of the plugin rsyslog.
MANY, MOST_LOST = 300, 8
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

    def canaries(self):
        values = [value for value in self.secrets().values() if len(value) >= 16]
        self.assertGreaterEqual(len(values), 9)
        return values

    def assert_nothing_seen(self, watch):
        """But by the project's own account, whose environment is where Django has its secrets, and by PostgreSQL's own for as long as
        a check logs in as a role."""
        accounts = {line.split(":")[2]: line.split(":")[0] for line in (self.lab.root("host1") / "etc/passwd").read_text().splitlines()}

        def may_have(where, program, user, _):
            # One that is just being started has no command line yet.
            account = accounts.get(str(user))
            return where == "environment" and (account == "raycrafter" or (account == "postgres" and (program == "" or program.endswith("/psql"))))

        self.assertEqual([found for found in watch.found() if not may_have(*found)], [])
        say(f"command lines of all processes: looked at {watch.passes} times")

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

    def found(self, query, again=None):
        """The first message that the query finds, as soon as there is one. `again` is done every few seconds: of what nginx sends by UDP,
        each of its workers loses the first line after one that went to a Graylog that was down, as the kernel tells it then."""
        path = "search/universal/relative?range=600&query=" + urllib.parse.quote(query)
        start = told = time.monotonic()
        while not (answer := self.graylog(path))["messages"]:
            self.assertLess(time.monotonic() - start, PATIENCE_S, query)
            if again and time.monotonic() - told > 5:
                again()
                told = time.monotonic()
            time.sleep(0.2)
        self.answered = answer["total_results"]
        say(f"{query}: found after {time.monotonic() - start:.1f} s")
        return answer["messages"][0]["message"]

    def assert_in_streams(self, message, *names):
        streams = {stream["title"]: stream["id"] for stream in self.graylog("streams")["streams"]}
        for name in names:
            self.assertIn(streams[name], message["streams"], f"{name}: {message}")

    def numbers(self, query, wanted, at_least):
        """Those of the numbers wanted that are found: all of them, or what is there when no more come."""
        path = "search/universal/relative?range=900&limit=1500&fields=message&query=" + urllib.parse.quote(query)
        found, last = set(), time.monotonic()
        while len(found) < wanted and (len(found) < at_least or time.monotonic() - last < PATIENCE_S / 4):
            self.assertLess(time.monotonic() - last, 2 * PATIENCE_S, f"{len(found)} of {wanted}: {query}")
            now = {int(one["message"]["message"].rpartition("-")[2]) for one in self.graylog(path)["messages"]}
            if now - found:
                found, last = found | now, time.monotonic()
            time.sleep(0.5)
        say(f"{len(found)} of {wanted}: {query}")
        return found

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
        with canary.Watch(self.canaries()) as watch:
            events = [json.loads(line) for line in self.site.run("apply", "--yes", "--json", timeout=800).splitlines()]
        say(f"first apply: {time.monotonic() - start:.1f} s")
        spent = collections.Counter()
        for event in events:
            if event.get("state") == "done" and event.get("event") in ("step", "probe"):
                spent[event["component"] or "packages"] += event["elapsed_ms"] / 1000
        say("seconds of work: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in spent.most_common()))
        self.assertLessEqual({"mongodb", "elasticsearch", "graylog", "nginx"}, set(spent))
        self.assert_nothing_seen(watch)

    def test_2_a_request_is_found_with_its_fields(self):
        status, text = fetch(self.address, NAME, "/?looked-for=this")
        self.assertEqual(status, 200)
        self.assertIn("A row from the database", text)
        message = self.found('nginx_access:true AND request_path:"/?looked-for=this"')
        self.assertEqual((message["response_status"], message["request_verb"]), (200, "GET"))
        self.assertGreaterEqual(message["response_time"], 0)
        self.assert_in_streams(message, "nginx", "nginx requests")

        self.assertEqual(fetch(self.address, NAME, "/nowhere")[0], 404)
        message = self.found("from_django:true AND status_code:404")
        self.assertEqual((message["request_path"], message["request_verb"], self.answered), ("/nowhere", "GET", 1))
        self.assert_in_streams(message, "django", "django 4XX", "django 404")
        self.assert_in_streams(self.found("nginx_access:true AND response_status:404"), "nginx 4XX", "nginx 404")
        self.assert_in_streams(self.found("from_gunicorn:true"), "gunicorn")

    def test_2_an_error_of_nginx_is_found_with_its_fields(self):
        self.assertEqual(fetch(self.address, NAME, "/static/not-there.css")[0], 404)
        message = self.found('nginx_error:true AND request_path:"/static/not-there.css"', lambda: fetch(self.address, NAME, "/static/not-there.css"))
        self.assertEqual((message["error_level"], message["request_verb"], message["server_name"]), ("error", "GET", NAME))
        self.assertRegex(message["remote_addr"], r"^\d+\.\d+\.\d+\.\d+$")
        self.assertGreater(message["worker_pid"], 0)
        self.assert_in_streams(message, "nginx", "nginx errors")

    def test_2_compute_nodes_are_heard_over_tls(self):
        """From outside the host, by the certificate that was made for the input."""
        trusted = ssl.create_default_context(cafile=self.lab.root("host1") / "etc/graylog/server/input-gelf_over_tcp.pem")
        with socket.create_connection((self.address, 12201), timeout=20) as plain:
            with trusted.wrap_socket(plain, server_hostname=self.address) as sender:
                sender.sendall(json.dumps({"version": "1.1", "host": "node7", "short_message": "said by a compute node", "_job": "42"}).encode() + b"\0")
                message = self.found('from_gelf:true AND message:"said by a compute node"')
        self.assertEqual((message["source"], str(message["job"])), ("node7", "42"))

    def test_2_other_logs_are_found_in_their_streams(self):
        self.lab.on("host1", "sh", "-c", "logger -t proof of-the-journal; su postgres -c \"psql -c 'SELECT looked_for_this'\"", check=False)
        self.lab.on("host1", "sh", "-c", "printf nonsense | timeout 5 bash -c 'cat > /dev/tcp/127.0.0.1/5672'", check=False)
        self.assertEqual(fetch(self.address, NAME, "/")[0], 200)
        for name, query in {"system": "application_name:proof AND message:\"of-the-journal\"", "celery": "unit:celery.service",
                            "postgresql": "application_name:postgresql AND looked_for_this", "rabbitmq": "application_name:rabbitmq"}.items():
            message = self.found(query)
            self.assert_in_streams(message, name)
            self.assertTrue(message["from_syslog"])

    def logged_while(self, name, what):
        """Numbers to the journal and to a file, 50 a second; at the hundredth the host does what is said."""
        start = time.monotonic()
        self.lab.on("host1", "sh", "-c", f"for n in $(seq {MANY}); do logger -t {name} said-$n; echo {name}-$n >>/var/log/postgresql/numbers.log;"
                    f" [ $n != 100 ] || {what}; sleep 0.02; done")
        self.assertLess(time.monotonic() - start, PATIENCE_S, "who logs was held up")
        deadline = time.monotonic() + 2 * PATIENCE_S
        while not self.answers():
            self.assertLess(time.monotonic(), deadline, "Graylog does not come back")
            time.sleep(0.5)
        return f"application_name:{name}", f"application_name:postgresql AND message:{name}"

    def test_2_nothing_is_lost_while_graylog_restarts(self):
        for query in self.logged_while("gently", "systemctl restart --no-block graylog-server"):
            self.assertEqual(set(range(1, MANY + 1)) - self.numbers(query, MANY, MANY), set())

    def test_2_a_killed_graylog_loses_no_more_than_it_had_taken(self):
        for query in self.logged_while("hard", "systemctl kill --signal=KILL graylog-server"):
            lost = set(range(1, MANY + 1)) - self.numbers(query, MANY, MANY - MOST_LOST)
            say(f"lost with kill -9: {sorted(lost)}")
            self.assertLessEqual(len(lost), MOST_LOST)

    def test_2_programs_of_supervisor_are_found_too(self):
        files = '  { path = "/var/log/postgresql/*.log", tag = "postgresql" },\n'
        self.assertIn(files, self.text)
        self.write(self.text.replace(files, files + '  { path = "/var/log/supervisor/*.log", tag = "supervisor" },\n') + CHATTY)
        self.site.run("apply", "--yes")
        message = self.found("application_name:supervisor AND message:\"said by a program\"")
        self.assert_in_streams(message, "supervisor")
        self.site.run("rollback", "--yes")
        self.write(self.text)

    def test_3_no_secret_lies_in_the_open(self):
        values = self.canaries()
        self.assertEqual(canary.on_host(self.lab, "host1", values), [])
        self.assertEqual(canary.on_controller(values, [self.site.folder], self.folder / "begun"), [])

    def test_3_nothing_is_left_to_do(self):
        command = self.site.command("apply", "--yes")
        start = time.monotonic()
        self.assertIn(NOTHING, self.site.run("apply", "--yes"))
        spent = time.monotonic() - start
        trips = round_trips(command, self.address, cwd=self.site.folder)
        handshake = round_trips([BUILD / "tests/handshake", self.address, self.lab("key").strip()], self.address)
        say(f"no change: {spent:.3f} s, {trips} round trips, {handshake} of them those of an SSH handshake")
        self.assertGreater(handshake, 0)
        self.assertLessEqual(trips, handshake + 3)

    def test_3_a_look_starts_no_java_and_no_interpreter(self):
        with Execs(self.lab, "host1") as execs:
            self.assertIn(NOTHING, self.site.run("apply", "--yes"))
        say(f"started by a run that changes nothing: {' '.join(sorted(set(execs.programs)))}")
        self.assertTrue([line for line in execs.lines if "wright-agent" in line or "/wright" in line], execs.lines)
        self.assertEqual([name for name in execs.programs if re.match(r"java|beam|erl|escript|rabbitmq|python|perl|ruby|node|mongo|apt", name)], [])

    @unittest.skipUnless(CAN_LIMIT, "this machine has no memory controller of cgroup v1")
    def test_3_its_memory_suffices(self):
        used = json.loads(self.lab("memory", "host1"))
        say(f"memory of the host: {used['anonymous_mib']} MiB of its processes, at most {used['peak_mib']} MiB with files, of {used['limit_mib']} MiB")
        self.assertEqual(used["limit_mib"], MEMORY_MIB)
        self.assertLess(used["anonymous_mib"], MEMORY_MIB * 3 // 4)

    def test_4_every_part_proves_its_function(self):
        start = time.monotonic()
        with canary.Watch(self.canaries()) as watch, Execs(self.lab, "host1") as execs:
            self.site.run("verify")
        say(f"verify: {time.monotonic() - start:.1f} s, traced")
        self.assert_nothing_seen(watch)
        patterns = canary.forms_of_all(self.canaries())
        self.assertEqual([line[:60] for line in execs.lines if any(pattern in line for pattern in patterns)], [])

    def test_4_a_killed_server_is_named_with_what_to_do(self):
        for unit in ("mongod", "elasticsearch", "graylog-server"):
            self.stays_dead(f"mkdir -p /run/systemd/system/{unit}.service.d && printf '[Service]\\nRestart=no\\n' >/run/systemd/system/{unit}.service.d/zz-dead.conf")
            self.lab.on("host1", "systemctl", "kill", "--signal=KILL", unit)
            self.pages_are_answered(unit)
            start = time.monotonic()
            self.site.run("verify", expect=None)
            say(f"verify after kill -9 of {unit}: exit {self.site.code} after {time.monotonic() - start:.1f} s\n{self.site.errors[-1500:]}")
            self.assertEqual(self.site.code, 3)
            self.assertIn(f"{unit}.service does not run", self.site.errors)
            self.assertIn("next: ", self.site.errors)
            self.pages_are_answered(unit)
            self.stays_dead(f"rm -r /run/systemd/system/{unit}.service.d")
            self.site.run("apply", "--yes")
            self.site.run("verify")

    def pages_are_answered(self, dead):
        """Nobody who asks for a page waits for where its log goes."""
        slowest = 0
        for n in range(10):
            start = time.monotonic()
            status, text = fetch(self.address, NAME, f"/?without={dead}&n={n}")
            slowest = max(slowest, time.monotonic() - start)
            self.assertEqual(status, 200, dead)
            self.assertIn("A row from the database", text)
        say(f"the slowest of 10 pages without {dead}: {slowest:.2f} s")
        self.assertLess(slowest, 5, dead)

    def stays_dead(self, how):
        """A unit that systemd starts again by itself would be well before verify has lost its patience."""
        self.lab.on("host1", "sh", "-c", how + " && systemctl daemon-reload")

    def test_5_rolled_back_without_a_trace(self):
        start = time.monotonic()
        # The applies that mended what was killed are the first to go.
        said = ""
        while "nothing to roll back" not in (last := self.site.run("rollback", "--yes", expect=None, timeout=600) + self.site.errors):
            self.assertEqual(self.site.code, 0, self.site.errors)
            said += last
        say(f"rollback: {time.monotonic() - start:.1f} s")
        # What they held is not lost: it is said where it is, and remembered.
        moved = {path: (place, transaction) for path, place, transaction in
                 re.findall(r"data moved aside: (/\S+) -> (/var/lib/wright/quarantine/([^/\s]+)/\S+)", said)}
        listed = self.site.run("status")
        for path in ("/var/lib/mongodb", "/var/lib/elasticsearch", "/var/lib/graylog-server/journal", "/var/lib/postgresql"):
            # A folder that a package brought goes whole, with the data in it.
            whole = next((one for one in moved if f"{path}/".startswith(f"{one}/")), None)
            self.assertIsNotNone(whole, f"{path} is not in {list(moved)}")
            place, transaction = moved[whole]
            kept = self.lab.root("host1") / (place + path.removeprefix(whole)).lstrip("/")
            self.assertTrue(kept.is_dir() and any(kept.iterdir()), f"nothing of {path} is kept in {place}")
            self.assertIn(f"in quarantine: /var/lib/wright/quarantine/{transaction}\n", listed)
        after = self.lab.snapshot("host1", self.folder / "after.json")
        self.assertEqual(self.lab.differences(self.before, after), "")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
