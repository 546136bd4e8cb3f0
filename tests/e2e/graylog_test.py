"""Graylog on a real host with MongoDB and Elasticsearch: what it holds made, used, broken, changed without a restart, taken back."""
import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from wrightrun import Lab, Site  # noqa: E402

# What properties files, shells and JSON could take for their own.
PASSWORD = "canary-root\\\"'$1"
SECRET = "canary-password-secret"
# What both servers behind Graylog write at any time, and what a JVM leaves.
BUSY = ["/var/lib/mongodb*", "/var/log/mongodb*", "/var/lib/elasticsearch*", "/var/log/elasticsearch*"]
ACCESS = ('<190>{now} web nginx_access: 10.1.2.3 - - [23/Nov/2026:14:00:00 +0000] "GET /nowhere?a=1 HTTP/2.0" 404 153 "-" '
          '"curl/7.88" "-" msec={msec} connection=7 requests=2 seconds=0.013')


def components(source, more=""):
    key = pathlib.Path(source["key"]).read_text()
    return f'''
[components.graylog]
source = {{ uri = "{source["uri"]}", suite = "{source["suite"]}", component = "{source["component"]}", key = {json.dumps(key)} }}
version = "3.3.11-1"
password_secret = "{SECRET}"
root_password = {json.dumps(PASSWORD)}
mongodb_uri = "mongodb://127.0.0.1:27017/graylog"
search = ["http://127.0.0.1:9200"]
heap_mb = 512
index = {{ shards = 1 }}
journal = {{ max_mb = 512 }}
email = {{ host = "127.0.0.1", port = 2525, starttls = false, from = "graylog@example.org" }}
{more}
'''


ALL = '''
packs = ["nginx"]
[[components.graylog.inputs]]
name = "cluster"
type = "gelf-tcp"
port = 12201
fields = { from_cluster = "yes" }
[[components.graylog.inputs]]
name = "secure"
type = "gelf-tcp"
port = 12202
tls = { certificate = "/etc/ssl/gelf.pem", key = "/etc/ssl/gelf.key" }
[[components.graylog.inputs]]
name = "mutual"
type = "gelf-tcp"
port = 12203
tls = { self_signed = true, clients = "/etc/ssl/gelf.pem" }
[[components.graylog.inputs]]
name = "by its class"
class = "org.graylog2.inputs.raw.tcp.RawTCPInput"
port = 12204
settings = '{"max_message_size": 4096}'
[[components.graylog.streams]]
name = "cluster"
when = 'has_field("from_cluster")'
[[components.graylog.notifications]]
name = "hook"
url = "http://127.0.0.1:8000/"
[[components.graylog.notifications]]
name = "mail"
to = ["ops@example.org", "root@example.org"]
[[components.graylog.alerts]]
name = "server errors"
query = "response_status:>=500"
notify = ["hook", "mail"]
'''
MANY = ALL + "".join(f'''
[[components.graylog.streams]]
name = "many {n}"
when = 'has_field("many_{n}")'
''' for n in range(30))
# The stream and the alert have gone, the input has another port, and there is a rule.
OTHER = '''
packs = ["nginx"]
[[components.graylog.inputs]]
name = "cluster"
type = "gelf-tcp"
port = 12211
fields = { from_cluster = "yes" }
[[components.graylog.inputs]]
name = "mutual"
type = "gelf-tcp"
port = 12203
tls = { self_signed = true, clients = "/etc/ssl/gelf.pem" }
[[components.graylog.notifications]]
name = "hook"
url = "http://127.0.0.1:8000/"
[[components.graylog.rules]]
name = "seen"
when = 'has_field("from_cluster")'
then = ['set_field("seen", true);']
'''


class Graylog(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.lab("up", "1")
        self.lab("reset", "host1")
        self.source = json.loads(self.lab("repository", "--json", "mongodb-org-server", "elasticsearch=6.2.4", "graylog-server",
                                          timeout=900))
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.servers()
        ssl = self.lab.root("host1") / "etc" / "ssl"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", ssl / "gelf.key",
                        "-out", ssl / "gelf.pem"], check=True, capture_output=True)
        (ssl / "gelf.key").chmod(0o644)

    def servers(self):
        """MongoDB and Elasticsearch, as they would be on the host before."""
        etc = self.lab.root("host1") / "etc"
        (etc / "apt/keyrings").mkdir(exist_ok=True)
        (etc / "apt/keyrings/lab.asc").write_text(pathlib.Path(self.source["key"]).read_text())
        (etc / "apt/sources.list.d/lab.list").write_text(
            f'deb [signed-by=/etc/apt/keyrings/lab.asc] {self.source["uri"]} {self.source["suite"]} {self.source["component"]}\n')
        self.lab.on("host1", "sh", "-c", '''set -e
export DEBIAN_FRONTEND=noninteractive
apt-get -q update && apt-get -qy install openjdk-17-jre-headless
apt-get -qy install mongodb-org-server elasticsearch
rm /etc/apt/sources.list.d/lab.list /etc/apt/keyrings/lab.asc
apt-get -q update
sed -i 's/^-Xm\\([sx]\\).*/-Xm\\1512m/' /etc/elasticsearch/jvm.options
systemctl start mongod elasticsearch''')
        self.wait("Elasticsearch", lambda: "cluster_name" in self.bytes_of(9200, "GET / HTTP/1.0\r\n\r\n"))

    def bytes_of(self, port, said):
        coded = base64.b64encode(said.encode()).decode()
        script = f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo {coded} | base64 -d >&3 && cat <&3"
        return self.lab.on("host1", "bash", "-c", script, check=False)

    def ask(self, method, path, body=None):
        """The body of an answer of the REST interface."""
        text = "" if body is None else json.dumps(body)
        login = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
        answer = self.bytes_of(9000, f"{method} /api/{path} HTTP/1.0\r\nHost: graylog\r\nAuthorization: Basic {login}\r\n"
                               "Accept: application/json\r\nX-Requested-By: test\r\nContent-Type: application/json\r\n"
                               f"Content-Length: {len(text)}\r\n\r\n{text}")
        head, _, content = answer.replace("\r\n", "\n").partition("\n\n")
        if "chunked" in head.lower():  # long answers; no line of JSON ends within
            content = "".join(content.split("\n")[1::2])
        return json.loads(content) if content else None

    def wait(self, what, condition, seconds=90):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.2)

    def titled(self, path, within, title):
        found = self.ask("GET", path)
        return [one for one in (found[within] if within else found) if one["title"] == title]

    def process(self):
        return self.lab.on("host1", "systemctl", "show", "--property=MainPID", "--value", "graylog-server").strip()

    def cut_off(self, site):
        """Kills Graylog when some of an apply's objects are there; it comes back by itself."""
        with site.start("apply", "--yes") as run:
            out = ""
            while "created http:" not in out:
                line = run.stdout.readline()
                self.assertNotEqual(line, "", out)
                out += line
            self.lab.on("host1", "systemctl", "kill", "--signal=KILL", "graylog-server")
            out += run.stdout.read()
        made = out.count(" created http:")
        print(f"Graylog killed in the middle of an apply: exit {run.returncode}, {made} objects made", file=sys.stderr)
        self.assertIn(run.returncode, (0, 5), out)
        self.lab.on("host1", "systemctl", "start", "graylog-server")
        self.wait("Graylog", lambda: "ALIVE" in self.bytes_of(9000, "GET /api/system/lbstatus HTTP/1.0\r\n\r\n"), seconds=300)

    def nginx_line(self):
        # nginx's own time is a minute and some milliseconds before the one that syslog says.
        now = int(time.time())
        line = ACCESS.format(now=time.strftime("%b %d %H:%M:%S", time.gmtime(now)), msec=f"{now - 60}.123")
        coded = base64.b64encode(line.encode()).decode()
        self.lab.on("host1", "bash", "-c", f"echo {coded} | base64 -d >/dev/udp/127.0.0.1/12301")
        stream = self.titled("streams", "streams", "nginx 404")[0]["id"]
        found = {}

        def there():
            found.update(self.ask("GET", f"search/universal/relative?query=request_path%3A%5C%2Fnowhere*&range=300&filter=streams%3A{stream}"))
            return found["total_results"] > 0
        start = time.monotonic()
        self.wait("the line of nginx is found in its stream", there)
        print(f"a line of nginx: found after {time.monotonic() - start:.1f} s", file=sys.stderr)
        message = found["messages"][0]["message"]
        self.assertEqual((message["response_status"], message["request_verb"], message["response_time"], message["remote_addr"]),
                         (404, "GET", 0.013, "10.1.2.3"))
        self.assertEqual(message["timestamp"], time.strftime("%Y-%m-%dT%H:%M:%S.123Z", time.gmtime(now - 60)))
        self.assertEqual(message["message"], "GET /nowhere?a=1 404")
        self.assertRegex(message["full_message"], r"10\.1\.2\.3 - - .*seconds=0\.013$")

    def state_of(self, name, method):
        """Stops (DELETE) or starts (PUT) an input."""
        self.ask(method, "system/inputstates/" + self.titled("system/inputs", "inputs", name)[0]["id"])

    def a_stopped_input_is_named(self, site):
        """Also one that verify cannot send a message to."""
        for name in ("mutual", "secure"):
            self.state_of(name, "DELETE")
            site.run("verify", expect=3)
            self.assertRegex(site.errors, f'input "{name}" does not run: start it under System / Inputs, .*server.log')
            self.state_of(name, "PUT")
        site.run("verify")

    def a_dashboard_changed_by_hand_is_mended(self, site):
        view = self.titled("views?per_page=500", "views", "nginx overview")[0]
        (state,) = view["state"].values()
        counts = [widget for widget in state["widgets"] if widget["config"].get("visualization") == "numeric"]
        counts[0]["query"]["query_string"] = "by:hand"
        self.ask("PUT", "views/" + view["id"], view)
        plan = site.run("plan")
        self.assertIn("0 to create, 1 to change, 0 to remove", plan)
        self.assertIn("nginx overview", plan)
        site.run("apply", "--yes")
        self.assertNotIn("by:hand", json.dumps(self.titled("views?per_page=500", "views", "nginx overview")))
        self.assertIn("0 to create, 0 to change, 0 to remove", site.run("plan"))

    def a_mail_would_be_sent(self):
        mail = self.titled("events/notifications?per_page=500", "notifications", "mail")[0]
        self.assertEqual(mail["config"]["email_recipients"], ["ops@example.org", "root@example.org"])
        self.assertEqual(mail["config"]["sender"], "graylog@example.org")
        told = self.ask("GET", "events/definitions")["event_definitions"][0]["notifications"]
        self.assertIn(mail["id"], [one["notification_id"] for one in told])

    def assert_no_canary(self):
        """In no command line, no log, no file that others may read."""
        self.assertNotIn("canary", self.lab.on("host1", "ps", "-eo", "args"))
        found = self.lab.on("host1", "sh", "-c", "grep -rlIs canary /var/log /run /tmp; find /etc /var/lib/graylog-server /usr/share/graylog-server "
                            "-xdev -type f -perm -o=r -size -100k -print0 | xargs -0 -r grep -l canary", check=False)
        self.assertEqual(found.strip(), "")

    def test_made_used_broken_changed_and_taken_back(self):
        before = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "before.json")
        with Site(self.lab, components(self.source, ALL)) as site:
            start = time.monotonic()
            made = site.run("apply", "--yes")
            print(f"first apply: {time.monotonic() - start:.1f} s", file=sys.stderr)
            self.assertNotIn("canary", made + site.errors)
            start = time.monotonic()
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("apply", "--yes"))
            print(f"no change: {time.monotonic() - start:.3f} s", file=sys.stderr)
            conf = self.lab.on("host1", "stat", "-c", "%a %U:%G", "/etc/graylog/server/server.conf").strip()
            self.assertEqual(conf, "640 root:graylog")
            conf = self.lab.on("host1", "cat", "/etc/graylog/server/server.conf")
            self.assertRegex(conf, r"(?m)^is_master = true$")
            self.assertRegex(conf, r"(?m)^versionchecks = false$")
            self.nginx_line()
            self.a_stopped_input_is_named(site)
            self.a_dashboard_changed_by_hand_is_mended(site)
            self.a_mail_would_be_sent()
            process = self.process()

            # By hand: an input goes, a stream is stopped, the pipeline is cut off; another pipeline is connected.
            self.ask("DELETE", "system/inputs/" + self.titled("system/inputs", "inputs", "cluster")[0]["id"])
            self.ask("POST", "streams/" + self.titled("streams", "streams", "nginx")[0]["id"] + "/pause", {})
            other = self.ask("POST", "system/pipelines/pipeline", {"title": "by hand", "source": 'pipeline "by hand"\nstage 0 match either\nend'})
            self.ask("POST", "system/pipelines/connections/to_stream",
                     {"stream_id": "000000000000000000000001", "pipeline_ids": [other["id"]]})
            self.assertIn("3 to create, 0 to change, 0 to remove", site.run("plan"))
            site.run("apply", "--yes")
            connected = self.ask("GET", "system/pipelines/connections")[0]["pipeline_ids"]
            self.assertIn(other["id"], connected)
            self.assertEqual(len(connected), 2)
            self.ask("DELETE", "system/pipelines/pipeline/" + other["id"])
            self.assertEqual(len(self.titled("system/inputs", "inputs", "cluster")), 1)

            # Its REST interface goes down in the middle of an apply: taken back or carried on, and nothing is there twice.
            site.write(components(self.source, MANY))
            self.cut_off(site)
            site.run("apply", "--yes")
            self.assertEqual([len(self.titled("streams", "streams", f"many {n}")) for n in range(30)], [1] * 30)
            self.assertEqual(len(self.titled("system/inputs", "inputs", "cluster")), 1)
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("plan"))
            site.write(components(self.source, ALL))
            site.run("apply", "--yes")
            process = self.process()

            # Changed by the site file: nothing of it restarts Graylog.
            site.write(components(self.source, OTHER))
            site.run("apply", "--yes")
            self.assertEqual(self.titled("system/inputs", "inputs", "cluster")[0]["attributes"]["port"], 12211)
            self.assertEqual(self.titled("streams", "streams", "cluster"), [])
            self.assertEqual(self.ask("GET", "events/definitions")["event_definitions"], [])
            self.assertEqual(self.process(), process)
            site.run("verify")

            # And back: what had gone is there again.
            site.run("rollback", "--yes")
            self.assertEqual(self.titled("system/inputs", "inputs", "cluster")[0]["attributes"]["port"], 12201)
            self.assertEqual(len(self.titled("streams", "streams", "cluster")), 1)
            self.assertEqual(len(self.ask("GET", "events/definitions")["event_definitions"]), 1)
            site.write(components(self.source, ALL))
            self.assertIn("0 to create, 0 to change, 0 to remove", site.run("plan"))
            self.assert_no_canary()

            site.run("rollback", "graylog", "--yes")
        after = self.lab.snapshot("host1", pathlib.Path(self.scratch.name) / "after.json")
        self.assertEqual(self.lab.differences(before, after, busy=BUSY), "")


if __name__ == "__main__":
    unittest.main()
