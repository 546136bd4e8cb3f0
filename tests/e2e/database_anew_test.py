"""An application whose database goes, by a rollback of its server or by hand: the next apply fills the new one."""
import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402
from sample import make_repository  # noqa: E402
from wheels import wheels_for  # noqa: E402
from wrightrun import ROOT  # noqa: E402

REQUIREMENTS = (ROOT / "configs" / "raycrafter" / "app" / "requirements.txt").read_text()
COMPONENTS = '''
[components.postgresql]
memory_percent = 5
roles = [{ name = "board", password = "kanarie-database" }]
databases = [{ name = "board", owner = "board" }]

[components.board]
plugin = "django"
repository = "file:///srv/git/board.git"
revision = "v1"
wheels = "/opt/wheels"
offline = true
superuser = { username = "admin", email = "admin@example.org", password = "kanarie-admin-password" }

[components.board.environment]
SECRET_KEY = "0123456789012345678901234567890123456789-0123456789"
DATABASE_URL = "${postgresql.url.board}"
ALLOWED_HOSTS = "localhost"
'''


class DatabaseMadeAnew(HostCase):
    @classmethod
    def prepare(cls):
        shutil.copytree(wheels_for(REQUIREMENTS), cls.root / "opt" / "wheels")
        make_repository(cls.root / "srv" / "git" / "board.git", cls.folder, REQUIREMENTS)

    @classmethod
    def components(cls):
        return COMPONENTS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site.run("apply", "--yes")

    def sql(self, statement, database="board"):
        return self.lab.on("host1", "runuser", "-u", "postgres", "--", "psql", "-AtX", "-d", database, "-c", statement).strip()

    def forget_the_users(self):
        """So that a superuser is one that was made again."""
        self.assertEqual(self.sql("SELECT count(*) FROM auth_user"), "1")
        self.sql("UPDATE auth_user SET username = 'from before'")

    def expect_filled_by_an_apply(self):
        plan = self.site.run("plan")
        for step in ("board migrate", "board superuser"):
            self.assertIn(step, plan)
        self.site.run("apply", "--yes")
        self.assertEqual(self.sql("SELECT username FROM auth_user"), "admin")
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.site.run("verify")

    def test_1_the_server_alone_is_rolled_back(self):
        self.forget_the_users()
        self.site.run("rollback", "postgresql", "--yes")
        self.expect_filled_by_an_apply()

    def test_2_dropped_by_hand(self):
        self.forget_the_users()
        self.sql("DROP DATABASE board WITH (FORCE)", "postgres")
        self.expect_filled_by_an_apply()

    def test_3_dropped_and_made_by_hand(self):
        self.forget_the_users()
        self.sql("DROP DATABASE board WITH (FORCE)", "postgres")
        self.sql("CREATE DATABASE board OWNER board TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'", "postgres")
        self.expect_filled_by_an_apply()

    def test_4_another_owner_is_no_other_database(self):
        self.sql("ALTER DATABASE board OWNER TO postgres", "postgres")
        self.assertNotIn("board migrate", self.site.run("plan"))
        self.site.run("apply", "--yes")
        self.site.run("plan", "--detailed-exitcode")


if __name__ == "__main__":
    unittest.main(verbosity=2)
