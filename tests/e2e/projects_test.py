"""Two projects nobody wrote for wright, side by side on one real host: Wagtail's start project and Mezzanine's.

Each has its own settings module and way to be told of its host; both are served by Gunicorn behind one nginx, their administrators log in."""
import pathlib
import re
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402
from load import fetch  # noqa: E402
from login import log_in  # noqa: E402
from projects import started  # noqa: E402
from wheels import wheels_for  # noqa: E402

WAGTAIL = "wagtail==8.0.1\nDjango==5.2.19\ngunicorn==22.0.0\n"
MEZZANINE = "mezzanine==6.1.1\nDjango==4.2.30\ngunicorn==22.0.0\n"
# As projects have it: one file for what it needs everywhere, one for production that includes it.
MEZZANINE_FILES = {"requirements/base.txt": "mezzanine==6.1.1\nDjango==4.2.30\n", "requirements/production.txt": "-r base.txt\ngunicorn==22.0.0\n"}
PASSWORD = "kanarie 'q' \"d\" $HOME \\ 1"

SITE = '''
[components.wagtail]
plugin = "django"
repository = "file:///srv/git/wagtail.git"
revision = "v1"
settings = "project.settings.production"
requirements = []                 # its own ask for a newer Django than Debian 12's Python runs
packages = ["wagtail==8.0.1", "Django==5.2.19", "gunicorn==22.0.0"]
wheels = "/opt/wheels-wagtail"
offline = true
folders = ["media", "data"]
environment = { SECRET_KEY = "kanarie-wagtail-0123456789012345678901234567890123456789012345" }
[components.wagtail.files]
"project/settings/local.py" = """
import os
SECRET_KEY = os.environ["SECRET_KEY"]
STATIC_ROOT = os.environ["STATIC_ROOT"]
MEDIA_ROOT = os.environ["MEDIA_ROOT"]
ALLOWED_HOSTS = ["wagtail.example.org"]
CSRF_TRUSTED_ORIGINS = ["https://wagtail.example.org"]
WAGTAILADMIN_BASE_URL = "https://wagtail.example.org"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/wagtail/data/db.sqlite3"}}
"""
[components.wagtail.superuser]
username = "admin"
email = "admin@example.org"
password = "PASSWORD"

[components.mezzanine]
plugin = "django"
repository = "file:///srv/git/mezzanine.git"
revision = "v1"
settings = "project.settings"
requirements = ["requirements/production.txt"]
wheels = "/opt/wheels-mezzanine"
offline = true
folders = ["uploads", "data"]
static_root = "static"
links = { "media" = "uploads" }
[components.mezzanine.files]
"project/local_settings.py" = """
SECRET_KEY = "kanarie-mezzanine-0123456789012345678901234567890123456789012345"
NEVERCACHE_KEY = "kanarie-nevercache-01234567890123456789"
ALLOWED_HOSTS = ["mezzanine.example.org"]
CSRF_TRUSTED_ORIGINS = ["https://mezzanine.example.org"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/mezzanine/data/db.sqlite3"}}
"""
[components.mezzanine.superuser]
username = "admin"
email = "admin@example.org"
password = "PASSWORD"

[components.gunicorn-wagtail]
plugin = "gunicorn"
app = "project.wsgi:application"
python = "${wagtail.python}"
directory = "${wagtail.path}"
run = "${wagtail.run}"
user = "${wagtail.user}"
reload_on = "${wagtail.restart_on}"
workers = 1
verify_host = "wagtail.example.org"
verify_contains = "Welcome to your new Wagtail site"

[components.gunicorn-mezzanine]
plugin = "gunicorn"
app = "project.wsgi:application"
python = "${mezzanine.python}"
directory = "${mezzanine.path}"
run = "${mezzanine.run}"
user = "${mezzanine.user}"
reload_on = "${mezzanine.restart_on}"
workers = 1
verify_host = "mezzanine.example.org"
verify_contains = "Mezzanine"

[components.nginx]
[[components.nginx.sites]]
name = "wagtail"
server_names = ["wagtail.example.org"]
tls = "self-signed"
upstream = ["unix:${gunicorn-wagtail.socket}"]
static = [{ path = "/static/", directory = "${wagtail.static}" }, { path = "/media/", directory = "${wagtail.media}" }]
verify_contains = "Welcome to your new Wagtail site"
[[components.nginx.sites]]
name = "mezzanine"
server_names = ["mezzanine.example.org"]
tls = "self-signed"
upstream = ["unix:${gunicorn-mezzanine.socket}"]
static = [{ path = "/static/", directory = "${mezzanine.static}" }]
verify_contains = "Mezzanine"
'''.replace("PASSWORD", PASSWORD.replace("\\", "\\\\").replace('"', '\\"'))


class Projects(HostCase):
    @classmethod
    def prepare(cls):
        for name, requirements in (("wagtail", WAGTAIL), ("mezzanine", MEZZANINE)):
            shutil.copytree(wheels_for(requirements), cls.root / "opt" / f"wheels-{name}")
        started(WAGTAIL, "wagtail", ["start"], cls.root / "srv" / "git" / "wagtail.git")
        started(MEZZANINE, "mezzanine-project", [], cls.root / "srv" / "git" / "mezzanine.git", MEZZANINE_FILES)

    @classmethod
    def components(cls):
        return SITE

    def get(self, host, path="/"):
        status, text = fetch(self.address, host, path)
        self.assertEqual(status, 200, text[:500])
        return text

    def test_1_both_are_served(self):
        out = self.site.run("apply", "--yes", "--verbose")
        self.assertNotIn("kanarie", out + self.site.errors)
        self.assertIn("Welcome to your new Wagtail site", self.get("wagtail.example.org"))
        self.assertIn("Mezzanine", self.get("mezzanine.example.org"))
        for host in ("wagtail.example.org", "mezzanine.example.org"):
            styles = re.findall(r'href="(/static/[^"?]+\.css)', self.get(host))
            self.assertTrue(any("{" in text for text in [self.get(host, style) for style in styles]), styles)

    def test_2_nothing_is_left_to_do(self):
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.site.run("verify")

    def test_3_their_administrators_log_in(self):
        for host in ("wagtail.example.org", "mezzanine.example.org"):
            with self.subTest(host=host):
                answers = [log_in(self.address, host, "/admin/login/", "admin", word, "/admin/") for word in ("not " + PASSWORD, PASSWORD)]
                self.assertEqual(answers, [302, 200])

    def test_4_gone_from_the_site_leaves_nothing(self):
        self.site.write("")
        self.site.run("apply", "--yes")
        self.assert_unchanged(self.before, "after")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
