"""Every option of nginx on a real host: what `nginx -t` takes, what verify proves, and what a visitor gets."""
import base64
import contextlib
import gzip
import http.client
import pathlib
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402
from load import NamedHost  # noqa: E402
from waiting import wait_until  # noqa: E402

PASSWORD = "kanarie-password"
SERVER = '''
[components.nginx]
worker_processes = "2"
worker_connections = 512
worker_rlimit_nofile = 4096
multi_accept = true
keepalive_timeout_s = 30
keepalive_requests = 100
server_tokens = true
ipv6 = false
gzip_level = 1
client_max_body_size = "10m"
tls_protocols = ["TLSv1.3"]
tls_curves = "X25519"
tls_session_cache_mb = 2
ocsp_stapling = true
real_ip_from = ["127.0.0.1"]
real_ip_header = "X-Real-IP"
real_ip_recursive = true
error_level = "warn"
log_format = "combined"
access_log_buffer_kb = 32
access_log_flush_s = 1
status_port = 8081
extra = ["map $host $nothing { default 1; }"]
extra_main = ["worker_shutdown_timeout 10s;"]

[[components.nginx.sites]]
name = "inner"
server_names = ["main.example.org"]
listen = ["127.0.0.1"]
http_port = 8001
default_server = true
tls = "off"
pages = [{ name = "index.html", content = "the page behind" }]
access_log = "off"

[[components.nginx.sites]]
name = "main"
server_names = ["main.example.org", "*.main.example.org"]
default_server = true
certificate_key_type = "rsa-2048"
certificate_days = 90
certificate_subject = { organization = "Öl, Gas & Co", unit = "IT", country = "DE", state = "Hessen", locality = "Hanau", email = "it@example.org" }
http2 = false
hsts_seconds = 600
hsts_subdomains = true
hsts_preload = true
upstream = ["127.0.0.1:8001 max_fails=3"]
upstream_strategy = "least_conn"
upstream_keepalive = 8
proxy_timeout_s = 5
static = [{ path = "/static/", directory = "/srv/main/static", fallback = "/srv/main/before", expires = "1h", verify = "page.css" }]
locations = [{ path = "/status/", proxy = "http://127.0.0.1:8081/nginx_status", allow = ["127.0.0.1"], deny = ["127.0.0.9"] }]
redirects = [
  { from = "/old", to = "/new$is_args$args" },
  { from = "~ ^/n/([0-9]+)$", to = "/notes/$1", code = 302 },
  { from = "^~ /blog/", to = "https://blog.example.org/", code = 308 },
]
error_page_folder = "/srv/main/pages"
error_pages = [{ status = [403, 404], file = "/srv/main/pages/lost.html" }]
acme_folder = "/srv/acme"
access_log = "/var/log/nginx/main.log"
error_log = "/var/log/nginx/main-errors.log"
verify_contains = "behind"

[[components.nginx.sites]]
name = "closed"
server_names = ["closed.example.org"]
listen = ["127.0.0.1", "ADDRESS"]
http_port = 8080
https_port = 8443
redirect = false
tls = "pem"
verify_trust = "any"
certificate_pem = """CERTIFICATE"""
certificate_key_pem = """KEY"""
pages = [{ name = "index.html", content = "for ada" }]
users = [{ name = "ada", password = "PASSWORD" }, { name = "bob", password = "PASSWORD-2" }]

[[components.nginx.sites]]
name = "either"
server_names = ["either.example.org"]
tls = "off"
http_port = 8082
pages = [{ name = "index.html", content = "for some" }]
users = [{ name = "ada", password = "PASSWORD" }]
satisfy = "any"
allow = ["127.0.0.1"]
deny = ["127.0.0.9"]
'''
MOVING = '''
[components.nginx]
[[components.nginx.sites]]
name = "moving"
server_names = ["moving.example.org"]
http_port = 0
https_port = 9000
pages = [{ name = "index.html", content = "here" }]
'''
# PROXY is where this machine's connections come from.
CLIENTS = '''
[components.nginx]
real_ip_from = ["PROXY", "10.99.0.0/16"]
real_ip_recursive = true
gzip_types = ["text/css"]

[[components.nginx.sites]]
name = "modern"
server_names = ["modern.example.org"]
pages = [{ name = "style.css", content = "BODY" }, { name = "data.json", content = "BODY" }, { name = "index.html", content = "over all" }]

[[components.nginx.sites]]
name = "plain"
server_names = ["plain.example.org"]
https_port = 8443
http2 = false
pages = [{ name = "index.html", content = "over HTTP/1.1" }]

[[components.nginx.sites]]
name = "six"
server_names = ["six.example.org"]
listen = ["::1"]
tls = "off"
http_port = 8086
pages = [{ name = "index.html", content = "over IPv6 only" }]
'''.replace("BODY", "a { color: red } " * 100)


def own_certificate(folder, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName=DNS:{name}", "-keyout", folder / "key", "-out", folder / "certificate"], check=True, capture_output=True)
    return (folder / "certificate").read_text(), (folder / "key").read_text()


class Nginx(HostCase):
    @classmethod
    def prepare(cls):
        for path, text in {"main/static/page.css": "new", "main/before/page.css": "old", "main/before/gone.css": "old and gone", "main/pages/500.html": "the server is down",
                           "main/pages/lost.html": "lost and not found", "acme/.well-known/acme-challenge/token": "proof"}.items():
            file = cls.root / "srv" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        cls.certificate, cls.key = own_certificate(cls.folder, "closed.example.org")
        cls.everything = SERVER
        for name, text in {"ADDRESS": cls.address, "CERTIFICATE": cls.certificate, "KEY": cls.key, "PASSWORD": PASSWORD}.items():
            cls.everything = cls.everything.replace(name, text)

    @classmethod
    def components(cls):
        return cls.everything

    def ask(self, path="/", host="main.example.org", port=443, secure=True, login=None, address=None, more=()):
        """The answer and its text, as it was sent."""
        connection = NamedHost(address or self.address, host, port=port) if secure else http.client.HTTPConnection(address or self.address, port, timeout=20)
        with contextlib.closing(connection):
            headers = {"Host": host, **dict(more)}
            if login:
                headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            # Latin-1 has all bytes, of what is compressed too.
            return answer, answer.read().decode("latin-1" if answer.getheader("Content-Encoding") else "utf-8")

    def ask_inside(self, address, port, host, path="/", more=""):
        """What the host itself gets over plain HTTP; nothing where nobody listens."""
        request = f"GET {path} HTTP/1.0\\r\\nHost: {host}\\r\\n{more}\\r\\n"
        return self.lab.on("host1", "/bin/bash", "-c", f"exec 3<>/dev/tcp/{address}/{port} && printf '{request}' >&3 && cat <&3", check=False)

    def spoken(self, host, port):
        """The protocol that is agreed on with a client who can do both, and the type of the first frame, of HTTP/2, that comes then."""
        connection = NamedHost(self.address, host, port=port)
        connection._context.set_alpn_protocols(["h2", "http/1.1"])
        with contextlib.closing(connection):
            connection.connect()
            agreed = connection.sock.selected_alpn_protocol()
            if agreed != "h2":
                return agreed, None
            connection.sock.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
            return agreed, connection.sock.recv(9)[3]

    def test_1_everything_is_applied(self):
        out = self.site.run("plan") + self.site.run("apply", "--yes", "--verbose") + self.site.errors
        self.assertNotIn("kanarie", out)
        self.assertNotIn(self.key.splitlines()[1], out)
        self.site.run("verify")
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))

    def subject(self):
        certificate = self.lab.root("host1") / "etc" / "nginx" / "tls" / "main.pem"
        return subprocess.run(["openssl", "x509", "-noout", "-subject", "-nameopt", "utf8,sep_comma_plus", "-in", certificate], check=True, capture_output=True,
                              text=True).stdout.strip()

    def test_2_a_certificate_says_whose_it_is(self):
        self.assertEqual(self.subject(), "subject=C=DE,ST=Hessen,L=Hanau,O=Öl, Gas & Co,OU=IT,emailAddress=it@example.org,CN=main.example.org")
        self.site.write(self.everything.replace('unit = "IT", ', ""))
        self.assertRegex(self.site.run("plan"), r"certificate:/etc/nginx/tls/main[.]\w+[^\n]*\n +subject: .*\"unit\":\"IT\".* → ")
        self.site.run("apply", "--yes")
        self.assertIn("O=Öl, Gas & Co,emailAddress=", self.subject())
        self.site.run("rollback", "--yes")
        self.assertIn("OU=IT", self.subject())
        self.site.write(self.everything)
        self.site.run("plan", "--detailed-exitcode")

    def test_2_plain_http_on_a_tls_port(self):
        for host, port, place in (("main.example.org", 443, "https://main.example.org/a?b=c"), ("closed.example.org", 8443, "https://closed.example.org:8443/a?b=c")):
            answer, _ = self.ask("/a?b=c", host=host, port=port, secure=False)
            self.assertEqual((answer.status, answer.getheader("Location")), (301, place))
        with self.assertRaises(http.client.RemoteDisconnected):
            self.ask(host="unknown.example.org", port=8443, secure=False)
        # At 443 a site takes those that ask for none.
        self.assertEqual(self.ask(host="unknown.example.org")[1], "the page behind")

    def test_3_passwords_and_a_certificate_of_ones_own(self):
        closed = {"host": "closed.example.org", "port": 8443}
        for login, status in ((None, 401), ("ada:wrong", 401), (f"ada:{PASSWORD}", 200), (f"bob:{PASSWORD}", 401), (f"bob:{PASSWORD}-2", 200)):
            self.assertEqual(self.ask(login=login, **closed)[0].status, status, login)
        for login, status in ((None, 401), (f"ada:{PASSWORD}", 200)):
            self.assertEqual(self.ask(host="either.example.org", port=8082, secure=False, login=login)[0].status, status, login)
        modes = [(self.root / "etc/nginx" / path).stat().st_mode & 0o777 for path in ("auth_basic/closed", "tls/closed.given.key")]
        self.assertEqual(modes, [0o640, 0o600])
        connection = NamedHost(self.address, "closed.example.org", port=8443)
        with contextlib.closing(connection):
            connection.connect()
            self.assertIn(base64.b64encode(connection.sock.getpeercert(binary_form=True)).decode()[:64], self.certificate.replace("\n", ""))

    def test_3_a_key_of_another_certificate_is_refused(self):
        _, other = own_certificate(self.folder, "closed.example.org")
        self.site.write(self.everything.replace(self.key, other))
        self.site.run("apply", "--yes", expect=5)
        self.site.write(self.everything)
        self.site.run("plan", "--detailed-exitcode")

    def test_4_answers(self):
        places = [(answer.status, answer.getheader("Location")) for answer, _ in map(self.ask, ("/old?a=b", "/n/12", "/blog/x"))]
        self.assertEqual(places, [(301, "https://main.example.org/new?a=b"), (302, "https://main.example.org/notes/12"), (308, "https://blog.example.org/")])
        self.assertEqual(self.ask("/static/page.css")[1], "new")
        answer, text = self.ask("/static/gone.css")
        self.assertEqual((answer.status, text, answer.getheader("Cache-Control")), (200, "old and gone", "max-age=3600"))
        answer, text = self.ask("/static/nowhere.css")
        self.assertEqual((answer.status, text), (404, "lost and not found"))
        self.assertEqual(self.ask("/wright-fallback/0/static/gone.css")[0].status, 404)
        self.assertEqual(self.ask("/status/")[0].status, 403)
        self.assertEqual(self.ask()[0].getheader("Strict-Transport-Security"), "max-age=600; includeSubDomains; preload")
        self.assertEqual(self.ask("/.well-known/acme-challenge/token", port=80, secure=False)[1], "proof")
        self.assertIn("Active connections", self.lab.on("host1", "/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081; "
                                                        "printf 'GET /nginx_status HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"))
        # ipv6 = false
        self.assertEqual(self.ask_inside("::1", 80, "main.example.org"), "")
        self.assertIn("301", self.ask_inside("127.0.0.1", 80, "main.example.org"))
        log = self.root / "var/log/nginx/main.log"
        wait_until(lambda: '"GET /n/12 HTTP/1.1" 302' in log.read_text())
        self.assertNotIn("msec=", log.read_text())

    def test_5_a_static_file_that_nobody_may_read_is_found(self):
        style = self.root / "srv/main/static/page.css"
        style.chmod(0o600)
        out = self.site.run("verify", "nginx", expect=3)
        style.chmod(0o644)
        self.assertIn("https://main.example.org/static/page.css", out + self.site.errors)
        self.site.run("verify", "nginx")

    def test_6_an_upstream_that_is_dead_has_a_page(self):
        self.site.write(self.everything.replace('upstream = ["127.0.0.1:8001 max_fails=3"]', 'upstream = ["127.0.0.1:8009"]\nverify_status = 502').replace(
            'verify_contains = "behind"', 'verify_contains = "the server is down"'))
        self.site.run("apply", "--yes")
        answer, text = self.ask()
        self.assertEqual((answer.status, text), (502, "the server is down"))

    def test_7_from_all_addresses_to_one_and_back(self):
        for listen, inside in (("", True), (f'listen = ["{self.address}"]', False), ("", True)):
            self.site.write(MOVING + listen)
            self.site.run("apply", "--yes")
            self.assertEqual(self.ask(host="moving.example.org", port=9000)[1], "here")
            loopback = self.lab.on("host1", "/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9000 && echo there", check=False)
            self.assertEqual(loopback, "there\n" if inside else "", listen)

    def test_8_the_distributions_default_site_may_stay(self):
        self.site.write('[components.nginx]\nkeep_default_site = true\nsites = [{ name = "one", server_names = ["one.example.org"], tls = "off", '
                        'http_port = 8080, pages = [{ name = "index.html", content = "one" }] }]\n')
        self.site.run("apply", "--yes")
        self.assertEqual(self.ask(host="one.example.org", port=8080, secure=False)[1], "one")

    def test_8_what_clients_speak(self):
        with socket.create_connection((self.address, 22)) as connection:
            proxy = connection.getsockname()[0]
        clients = CLIENTS.replace("PROXY", proxy)
        self.site.write(clients.replace("https_port = 8443\n", ""))
        self.site.run("plan", expect=65)
        self.assertIn("must be the same for the sites at port 443", self.site.errors)
        self.site.write(clients)
        self.site.run("apply", "--yes")
        self.site.run("verify")
        with self.subTest("HTTP/2"):
            settings = 4
            self.assertEqual(self.spoken("modern.example.org", 443), ("h2", settings))
            self.assertEqual(self.spoken("plain.example.org", 8443), ("http/1.1", None))
        with self.subTest("gzip"):
            for path, accepted, coded in (("/style.css", "gzip", "gzip"), ("/style.css", "identity", None), ("/data.json", "gzip", None)):
                answer, text = self.ask(path, host="modern.example.org", more={"Accept-Encoding": accepted})
                self.assertEqual(answer.getheader("Content-Encoding"), coded, (path, accepted))
                self.assertEqual(gzip.decompress(text.encode("latin-1")).decode() if coded else text, "a { color: red } " * 100)
                self.assertEqual(answer.getheader("Vary"), "Accept-Encoding" if path == "/style.css" else None)
        with self.subTest("IPv6"):
            self.assertIn("301", self.ask_inside("::1", 80, "modern.example.org"))
            self.assertIn("301", self.ask_inside("127.0.0.1", 80, "modern.example.org"))
            self.assertIn("over IPv6 only", self.ask_inside("::1", 8086, "six.example.org"))
            self.assertEqual(self.ask_inside("127.0.0.1", 8086, "six.example.org"), "")
        with self.subTest("real IP"):
            log = self.root / "var/log/nginx/access.log"
            for path, told in (("/from-a-proxy", "203.0.113.7"), ("/through-two", "192.0.2.66, 203.0.113.8, 10.99.1.1")):
                self.ask(path, host="modern.example.org", more={"X-Forwarded-For": told})
            self.ask_inside("127.0.0.1", 80, "modern.example.org", "/from-anybody", "X-Forwarded-For: 203.0.113.9\\r\\n")
            wait_until(lambda: "/from-anybody" in log.read_text())
            seen = {line.split('"')[1].split()[1]: line.split()[0] for line in log.read_text().splitlines()}
            wanted = {"/from-a-proxy": "203.0.113.7", "/through-two": "203.0.113.8", "/from-anybody": "127.0.0.1"}
            self.assertEqual({path: seen.get(path) for path in wanted}, wanted)

    def test_9_gone_from_the_site_leaves_nothing(self):
        self.site.write("")
        self.site.run("apply", "--yes")
        self.assert_unchanged(self.before, "after")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
