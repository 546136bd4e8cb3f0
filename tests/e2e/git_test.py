"""The repository of a Django application behind a key and behind a password, on a real host: what does not fit is refused, no key
lies in a file while git runs, and none is left when everything is killed."""
import base64
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402
from waiting import wait_until  # noqa: E402

# Nothing but what reaches the release is asked of this project.
MANAGE = "import sys\nprint('checked by', sys.argv[0])\n"
PASSWORD = "kanarie it's \\ $HOME \"x\""
# The shell of the account that has the repository: git's own, once it may go on.
SHELL = '''#!/bin/sh
touch /srv/git/asked
until [ -e /srv/git/go ]; do sleep 0.1; done
exec /usr/bin/git-shell "$@"
'''
WEB = '''import base64, functools, http.server, ssl, sys
class Guarded(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.headers.get("Authorization") == "Basic " + sys.argv[1]:
            return super().do_GET()
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.end_headers()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 8443), functools.partial(Guarded, directory="/srv/git"))
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/opt/git.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
'''


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def components(repository, revision, more):
    return f'''
[components.board]
plugin = "django"
repository = "{repository}"
revision = "{revision}"
requirements = []
check = "off"
migrate = false
collectstatic = false
{more}
'''


class Git(HostCase):
    @classmethod
    def prepare(cls):
        cls.repository()
        cls.run_here("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "deploy", "-f", cls.folder / "key")
        cls.key = (cls.folder / "key").read_text()
        cls.run_here("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=git", "-addext", "subjectAltName=IP:127.0.0.1",
                     "-keyout", cls.folder / "web.key", "-out", cls.folder / "web.crt")
        (cls.root / "opt" / "git.pem").write_text((cls.folder / "web.key").read_text() + (cls.folder / "web.crt").read_text())
        (cls.root / "opt" / "git.crt").write_text((cls.folder / "web.crt").read_text())
        (cls.root / "opt" / "web.py").write_text(WEB)
        (cls.root / "etc" / "gitconfig").write_text("[http]\n\tsslCAInfo = /opt/git.crt\n")
        cls.account()
        cls.host_key = "127.0.0.1 " + (cls.root / "etc/ssh/ssh_host_ed25519_key.pub").read_text()

    @classmethod
    def components(cls):
        return ""

    @staticmethod
    def run_here(*words):
        subprocess.run(words, check=True, capture_output=True)

    @classmethod
    def repository(cls):
        tree, bare = cls.folder / "tree", cls.root / "srv" / "git" / "board.git"
        git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", tree)
        tree.mkdir()
        (tree / "manage.py").write_text(MANAGE)
        cls.run_here(*git, "init", "--quiet")
        cls.run_here(*git, "add", "--all")
        for tag in ("v1", "v2"):
            cls.run_here(*git, "commit", "--quiet", "--allow-empty", "--message", tag)
            cls.run_here(*git, "tag", tag)
        bare.parent.mkdir()
        cls.run_here("git", "clone", "--quiet", "--bare", tree, bare)
        cls.run_here("git", "-C", bare, "update-server-info")

    @classmethod
    def account(cls):
        (cls.root / "opt" / "shell").write_text(SHELL)
        (cls.root / "opt" / "shell").chmod(0o755)
        cls.lab.on("host1", "useradd", "--create-home", "--password", "*", "--shell", "/opt/shell", "git")
        (cls.root / "opt" / "authorized").write_text("restrict " + (cls.folder / "key.pub").read_text())
        cls.lab.on("host1", "install", "-D", "--owner=git", "--mode=0600", "/opt/authorized", "/home/git/.ssh/authorized_keys")
        cls.lab.on("host1", "chown", "--recursive", "git:", "/srv/git")

    def over_ssh(self, revision="v1", hosts=None):
        known = self.host_key if hosts is None else hosts
        return components("ssh://git@127.0.0.1/srv/git/board.git", revision, f"deploy_key = {quoted(self.key)}\ngit_known_hosts = {quoted(known)}")

    def over_https(self, password):
        return components("https://127.0.0.1:8443/board.git", "v2", f'git_user = "deployer"\ngit_password = {quoted(password)}')

    def apply(self, text, expect=0):
        self.site.write(text)
        out = self.site.run("apply", "--yes", "--verbose", expect=expect) + self.site.errors
        for secret in (self.key.splitlines()[2], PASSWORD):
            self.assertNotIn(secret, out)
        return out

    def current(self):
        return (self.root / "srv" / "board" / "current").readlink().name

    def test_1_a_host_that_is_not_known_is_refused(self):
        (self.root / "srv" / "git" / "go").touch()
        out = self.apply(self.over_ssh(hosts=self.host_key.replace("127.0.0.1", "192.0.2.1")), expect=5)
        self.assertIn("Host key verification failed", out)

    def test_2_the_key_dies_with_what_uses_it(self):
        for name in ("go", "asked"):
            (self.root / "srv" / "git" / name).unlink(missing_ok=True)
        self.site.write(self.over_ssh())
        with self.site.start("apply", "--yes") as apply:
            wait_until((self.root / "srv" / "git" / "asked").exists, seconds=120)
            self.assertEqual(self.files_with(self.key.splitlines()[2]), "")
            self.lab.on("host1", "pkill", "-KILL", "--full", "wright-agent|bin/release")
            apply.communicate(timeout=120)
            self.assertNotEqual(apply.returncode, 0)
        self.assertEqual(self.files_with(self.key.splitlines()[2]), "")
        self.assertEqual(self.lab.on("host1", "ls", "--almost-all", "/dev/shm"), "")
        (self.root / "srv" / "git" / "go").touch()
        self.apply(self.over_ssh())
        self.assertEqual(self.current(), "v1")
        self.site.run("plan", "--detailed-exitcode")

    def test_3_a_key_that_may_not_is_refused(self):
        self.run_here("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "other")
        wrong = self.over_ssh("v2").replace(quoted(self.key), quoted((self.folder / "other").read_text()))
        self.assertIn("Permission denied", self.apply(wrong, expect=5))
        self.assertEqual(self.current(), "v1")

    def test_4_over_https_with_a_password(self):
        asked = base64.b64encode(f"deployer:{PASSWORD}".encode()).decode()
        self.lab.on("host1", "systemd-run", "--unit=git-web", "--quiet", "/usr/bin/python3", "/opt/web.py", asked)
        self.addCleanup(self.lab.on, "host1", "systemctl", "stop", "git-web")
        wait_until(lambda: ":8443" in self.lab.on("host1", "ss", "-Htln"))
        self.assertIn("Authentication failed", self.apply(self.over_https("not " + PASSWORD), expect=5))
        self.assertEqual(self.current(), "v1")
        self.apply(self.over_https(PASSWORD))
        self.assertEqual(self.current(), "v2")
        self.assertEqual(self.files_with(PASSWORD), "")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
