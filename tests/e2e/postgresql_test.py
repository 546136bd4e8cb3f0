"""PostgreSQL on a real host: roles and databases, passwords, and data that is never lost."""
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from wrightrun import Lab, Site  # noqa: E402

STRANGERS = """
CREATE ROLE stranger LOGIN CREATEDB NOINHERIT CONNECTION LIMIT 3 PASSWORD 'strange' VALID UNTIL '2031-02-03 04:05:06+00';
GRANT board TO stranger WITH ADMIN OPTION;
GRANT stranger TO reader;
ALTER ROLE stranger SET search_path TO "$user", 'it''s', public;
ALTER ROLE stranger IN DATABASE board SET statement_timeout TO '7s';
COMMENT ON ROLE stranger IS 'it''s not ours';
CREATE DATABASE strange OWNER stranger CONNECTION LIMIT 9 LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
REVOKE ALL ON DATABASE strange FROM PUBLIC;
GRANT CONNECT ON DATABASE strange TO reader WITH GRANT OPTION;
ALTER DATABASE strange SET search_path TO '';
ALTER DATABASE strange SET "strange.word" TO 'a ""b"" '';\\';
ALTER ROLE board IN DATABASE strange SET work_mem TO '3MB';
COMMENT ON DATABASE strange IS 'nor this';
\\connect strange
CREATE EXTENSION citext SCHEMA public;
CREATE TABLE public.page (title public.citext);
ALTER TABLE public.page OWNER TO stranger;
INSERT INTO public.page SELECT 'page ' || n FROM generate_series(1, 1000) n;
\\connect board
CREATE EXTENSION citext;
CREATE SCHEMA strange;
CREATE EXTENSION hstore SCHEMA strange;
"""
# All that a drop of the two could lose.
DESCRIBED = """
SELECT rolname, rolinherit, rolcreatedb, rolcanlogin, rolconnlimit, rolpassword, rolvaliduntil, shobj_description(oid, 'pg_authid') FROM pg_authid WHERE rolname = 'stranger';
SELECT roleid::regrole, member::regrole, admin_option FROM pg_auth_members WHERE 'stranger'::regrole IN (roleid, member) ORDER BY 1, 2;
SELECT datname, datdba::regrole, encoding, datcollate, datctype, datconnlimit, (SELECT array_agg(a ORDER BY a::text) FROM unnest(datacl) a), shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'strange';
SELECT datname, setrole::regrole, setconfig FROM pg_db_role_setting LEFT JOIN pg_database d ON d.oid = setdatabase ORDER BY 1, 2;
SELECT extname, extversion, extnamespace::regnamespace FROM pg_extension ORDER BY 1;
\\connect strange
SELECT count(*), sum(length(title)), bool_or(title = 'PAGE 7') FROM public.page;
SELECT tableowner FROM pg_tables WHERE tablename = 'page';
"""
COMPONENTS = """
[components.postgresql]
memory_percent = 5
backup = true
backup_keep_weekly = 3
backup_keep_monthly = 4
roles = [{{ name = "board", password = "{password}" }}{reader}]
databases = [{{ name = "board", owner = "board", extensions = ["pg_trgm"]{board} }}, {{ name = "board-old", owner = "board" }}{newer}]
{more}
"""
READER = ', { name = "reader", password = "may read" }'


def components(password="the board's", reader=READER, more='grants = [{ role = "reader", database = "board" }]', newer="", board=""):
    return COMPONENTS.format(password=password, reader=reader, more=more, newer=newer, board=board)


class Postgresql(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.lab("reset", "host1")
        cls.scratch = tempfile.TemporaryDirectory(prefix="wright-e2e-")
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.before = cls.lab.snapshot("host1", cls.folder / "before.json")
        cls.site = Site(cls.lab, components())

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__()
        cls.scratch.cleanup()

    def sql(self, statement, database="board", **options):
        return self.lab.on("host1", "/sbin/runuser", "-u", "postgres", "--", "psql", "-XAtqc", statement, database, **options)

    def started(self):
        return self.sql("SELECT pg_postmaster_start_time()")

    def here(self):
        """This machine's address, as the host sees it."""
        with socket.create_connection((self.lab.address("host1"), 22), 10) as connection:
            return connection.getsockname()[0]

    def asked_from_here(self, role):
        """What the server answers to a role that comes from this machine and wants the database board."""
        words = b"\0".join([b"user", role.encode(), b"database", b"board", b"", b""])
        with socket.create_connection((self.lab.address("host1"), 5432), 10) as connection:
            connection.sendall(struct.pack("!II", len(words) + 8, 3 << 16) + words)
            return connection.recv(4096)

    def test_1_apply_and_nothing_left_to_do(self):
        self.site.run("apply", "--yes")
        self.sql("SET ROLE board; CREATE TABLE page (title text); INSERT INTO page VALUES ('kept')")
        self.assertIn("0 to create, 0 to change, 0 to remove, 19 unchanged", self.site.run("apply", "--yes"))
        out = self.site.run("verify")
        self.assertIn("9       0", out)

    def test_2_a_password_changes_without_a_trace_of_it(self):
        started = self.started()
        self.site.write(components(password="quite another"))
        self.assertIn("1 to change", self.site.run("apply", "--yes"))
        self.site.run("verify")
        self.assertEqual(self.started(), started)
        found = self.lab.on("host1", "/bin/sh", "-c", "grep -rlsF -e 'quite another' /etc /var/log /var/lib; journalctl -q | grep -c 'quite another'",
                            check=False)
        self.assertEqual(found.strip(), "0")
        self.site.run("rollback", "--yes")
        self.site.write(components())
        self.site.run("plan", "--detailed-exitcode")
        self.site.run("verify")

    def test_3_only_what_needs_it_restarts(self):
        started = self.started()
        reloaded = components(more='settings = { log_min_duration_statement = "500" }\ngrants = [{ role = "reader", database = "board" }]')
        self.site.write(reloaded)
        self.site.run("apply", "--yes")
        self.assertEqual((self.started(), self.sql("SHOW log_min_duration_statement")), (started, "500ms\n"))
        with self.assertRaises(ConnectionRefusedError):
            self.asked_from_here("board")
        node = f'access = [{{ addresses = ["{self.here()}"], database = "board", role = "board" }}]'
        self.site.write(reloaded.replace("memory_percent", f'max_connections = 42\nlisten = ["0.0.0.0"]\n{node}\nmemory_percent'))
        self.site.run("apply", "--yes")
        self.assertNotEqual(self.started(), started)
        self.assertEqual(self.sql("SHOW max_connections"), "42\n")
        # From another machine: the role that may is asked for its password by SCRAM, the other one is turned away.
        self.assertIn(b"SCRAM-SHA-256", self.asked_from_here("board"))
        self.assertIn(b"no pg_hba.conf entry", self.asked_from_here("reader"))
        self.site.run("verify")

    def test_4_a_setting_that_does_not_parse_leaves_the_server_alone(self):
        started = self.started()
        self.site.write(components(more='settings = { no_such_setting = "1" }'))
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("no_such_setting", self.site.errors)
        self.assertEqual(self.started(), started)

    def test_5_backups_of_one_database_are_not_those_of_another(self):
        folder = "/var/backups/postgresql/"
        self.lab.on("host1", "/sbin/runuser", "-u", "postgres", "--", "touch",
                    *(f"{folder}board-old-{day}T000000Z.dump" for day in ("20190901", "20191020", "20191115", "20191130")),
                    *(f"{folder}board-old-2020010{day}T000000Z.dump" for day in range(1, 8)))
        self.lab.on("host1", "/bin/systemctl", "start", "postgresql-backup.service")
        dumps = self.lab.on("host1", "/bin/ls", folder).split()
        # The newest seven, and the last one of each of the two months before.
        days = [name.split("-")[2].split("T")[0] for name in dumps if name.startswith("board-old-")]
        today = [day for day in days if day > "20200107"]
        self.assertEqual(days, ["20191020", "20191130"] + [f"2020010{day}" for day in range(len(today) + 1, 8)] + today)
        self.assertEqual(self.lab.on("host1", "sh", "-c", f"stat -c %a {folder}board-2*.dump | sort -u"), "600\n")
        self.assertEqual(len([name for name in dumps if name.startswith("board-2")]), 2, dumps)
        self.site.run("verify")

    def backup(self, *words, check=True):
        return self.lab.on("host1", "/sbin/runuser", "-u", "postgres", "--", "postgresql-backup", *words, check=check)

    def newest_dump(self):
        return self.lab.on("host1", "sh", "-c", "ls /var/backups/postgresql/board-2*.dump | tail -n 1").strip()

    def test_5b_a_dump_becomes_a_database_beside_the_live_one(self):
        self.backup("restore", self.newest_dump(), "board_restored")
        self.assertEqual(self.sql("SELECT title FROM page", "board_restored"), "kept\n")
        self.assertEqual(self.sql("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'board_restored'"), "board\n")
        self.sql("INSERT INTO page VALUES ('of the restored')", "board_restored")
        self.backup("restore", self.newest_dump(), "board_restored", check=False)
        self.assertEqual(self.sql("SELECT count(*) FROM page", "board_restored"), "2\n")
        self.sql("DROP DATABASE board_restored")

    def test_5c_a_damaged_dump_is_found_out(self):
        dump = self.newest_dump()
        self.lab.on("host1", "cp", "-a", dump, "/root/whole")
        self.lab.on("host1", "truncate", "--size=-400", dump)
        self.site.run("verify", expect=3)
        self.assertIn("can be restored", self.site.errors)
        self.backup("restore", dump, "board_restored", check=False)
        self.assertEqual(self.sql("SELECT count(*) FROM pg_database WHERE datname LIKE '%restore%'"), "0\n")
        self.lab.on("host1", "mv", "/root/whole", dump)
        self.site.run("verify")

    def test_5c_backups_for_a_key_that_is_elsewhere(self):
        folder = "/var/backups/postgresql"
        subprocess.run(["age-keygen", "--output", self.folder / "age"], check=True, capture_output=True)
        public = subprocess.run(["age-keygen", "-y", self.folder / "age"], check=True, capture_output=True, text=True).stdout.strip()
        self.site.write(components(more=f'backup_recipients = ["{public}"]\ngrants = [{{ role = "reader", database = "board" }}]'))
        self.site.run("apply", "--yes")
        plain = self.newest_dump()
        # Plain ones of before do not pass for them: the apply's own check made this one.
        dump = self.lab.on("host1", "sh", "-c", f"ls {folder}/board-2*.dump.age").strip()
        self.lab.on("host1", "rm", dump)
        self.lab.on("host1", "/bin/systemctl", "start", "postgresql-backup.service")
        dump = self.lab.on("host1", "sh", "-c", f"ls {folder}/board-2*.dump.age").strip()
        self.assertEqual(self.newest_dump(), plain)
        self.assertEqual(self.lab.on("host1", "stat", "-c", "%a %U", dump), "600 postgres\n")
        self.site.run("verify")
        self.assertEqual(self.lab.on("host1", "find", folder, "/var/tmp", "-name", "*.part", "-o", "-name", "*.check", "-o", "-name", "postgresql-backup*"), "")
        # Only who has the other half of the key makes a database of it.
        self.backup("restore", dump, "board_restored", check=False)
        self.assertEqual(self.sql("SELECT count(*) FROM pg_database WHERE datname LIKE '%restore%'"), "0\n")
        whole = self.lab.root("host1") / "opt" / "board-20300101T000000Z.dump"
        subprocess.run(["age", "--decrypt", "--identity", self.folder / "age", "--output", whole, self.lab.root("host1") / dump.lstrip("/")], check=True)
        whole.chmod(0o644)
        self.backup("restore", "/opt/" + whole.name, "board_restored")
        self.assertEqual(self.sql("SELECT title FROM page", "board_restored"), "kept\n")
        self.sql("DROP DATABASE board_restored")
        whole.unlink()
        # Neither age nor nothing is taken for a backup.
        self.lab.on("host1", "sh", "-c", f"echo nonsense >{dump}")
        self.site.run("verify", expect=3)
        self.assertIn("not encrypted by age", self.site.errors)
        self.lab.on("host1", "rm", dump)
        self.site.write(components())
        self.site.run("apply", "--yes")

    def replicates(self, role, password):
        return self.lab.on("host1", "env", f"PGPASSWORD={password}", "psql", "-XAtqc", "IDENTIFY_SYSTEM",
                           f"host=127.0.0.1 user={role} dbname=board replication=true", check=False)

    def test_5d_replication_is_let_in_where_it_is_named(self):
        self.site.write(components(reader=READER + ', { name = "copier", password = "maycopy", replication = true }',
                                   more='grants = [{ role = "reader", database = "board" }]\naccess = [{ addresses = ["samehost"], database = "replication", role = "copier" }]'))
        self.site.run("apply", "--yes")
        self.assertIn("|", self.replicates("copier", "maycopy"))
        self.assertEqual(self.replicates("copier", "wrong"), "")
        self.site.run("verify")
        self.site.write(components())
        self.site.run("apply", "--yes")

    def test_5e_rights_in_another_schema(self):
        self.sql("SET ROLE board; CREATE TABLE IF NOT EXISTS page (title text)")
        schema = components(more='grants = [{ role = "reader", database = "board" }, { role = "reader", database = "board", schema = "audit" }]')
        self.site.write(schema.replace('extensions = ["pg_trgm"]', 'extensions = ["pg_trgm"], schemas = ["audit"]'))
        self.site.run("apply", "--yes")
        self.sql("SET ROLE board; CREATE TABLE audit.entry (text text)")
        self.site.run("plan", "--detailed-exitcode")
        rights = "SELECT has_table_privilege('reader', 'audit.entry', 'SELECT'), has_table_privilege('reader', 'audit.entry', 'INSERT')"
        self.assertEqual(self.sql(rights), "t|f\n")
        self.site.run("rollback", "--yes")
        self.assertEqual(self.sql(rights), "f|f\n")
        self.assertEqual(self.rights(), "true false\n")
        self.sql("DROP SCHEMA audit CASCADE")

    def test_5f_rights_that_take_long_statements_come_back(self):
        role, schema = "reader_" + "r" * 56, "schema_" + "s" * 56
        grant = f', {{ role = "{role}", database = "board", schema = "{schema}" }}'
        granted = components(reader=READER + f', {{ name = "{role}" }}', more=f'grants = [{{ role = "reader", database = "board" }}{grant}]')
        granted = granted.replace('extensions = ["pg_trgm"]', f'extensions = ["pg_trgm"], schemas = ["{schema}"]')
        self.site.write(granted)
        self.site.run("apply", "--yes")
        right = f"SELECT has_schema_privilege('{role}', '{schema}', 'USAGE')"
        self.assertEqual(self.sql(right), "t\n")
        self.site.write(granted.replace(grant, ""))
        self.site.run("apply", "--yes")
        self.assertEqual(self.sql(right), "f\n")
        self.site.run("rollback", "--yes")
        self.assertEqual(self.sql(right), "t\n")
        self.site.write(components())
        self.site.run("apply", "--yes")

    def rights(self):
        return self.sql("SELECT string_agg(has_table_privilege('reader', 'page', r)::text, ' ') "
                        "FROM unnest(ARRAY['SELECT', 'INSERT']) r")

    def test_6_rights_become_more_and_less(self):
        self.site.write(components())
        self.site.run("apply", "--yes")
        self.assertEqual(self.rights(), "true false\n")
        self.site.write(components(more='grants = [{ role = "reader", database = "board", access = "write" }]'))
        self.assertIn("0 to create, 1 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.assertEqual(self.rights(), "true true\n")
        self.site.run("rollback", "--yes")
        self.assertEqual(self.rights(), "true false\n")
        self.site.run("apply", "--yes")
        self.site.write(components())
        self.assertIn("0 to create, 1 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.assertEqual(self.rights(), "true false\n")
        self.site.run("plan", "--detailed-exitcode")

    def test_7_a_further_database_is_all_that_the_plan_names(self):
        newer = components(newer=', { name = "aaa", owner = "board", extensions = ["citext"] }')
        self.site.write(newer)
        plan = self.site.run("plan")
        self.assertIn("2 to create, 1 to change, 0 to remove", plan)  # the script of the backup names it
        self.assertNotIn("cannot be seen", plan)
        self.site.run("apply", "--yes")
        self.site.run("rollback", "--yes")
        self.assertEqual(self.sql("SELECT count(*) FROM pg_database WHERE datname = 'aaa'"), "0\n")

    def of_database(self, name):
        """All that the server says of a database itself: what pg_dumpall would write."""
        return self.sql("SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider, datistemplate, "
                        "datallowconn, datconnlimit, spcname, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a), "
                        "shobj_description(d.oid, 'pg_database'), (SELECT array_agg(setrole::regrole || ':' || setconfig::text ORDER BY setrole) "
                        f"FROM pg_db_role_setting WHERE setdatabase = d.oid) FROM pg_database d JOIN pg_tablespace t ON t.oid = dattablespace WHERE datname = '{name}'",
                        "postgres")

    def test_8_a_database_that_leaves_the_list_comes_back_with_its_data(self):
        self.site.write(components(newer=', { name = "leaving", owner = "board", extensions = ["citext"], schemas = ["own"] }'))
        self.site.run("apply", "--yes")
        self.sql("SET ROLE board; CREATE TABLE own.page (title public.citext); INSERT INTO own.page VALUES ('kept')", "leaving")
        for statement in ("REVOKE CONNECT ON DATABASE leaving FROM PUBLIC", "GRANT CONNECT ON DATABASE leaving TO reader WITH GRANT OPTION",
                          "ALTER DATABASE leaving SET work_mem = '5MB'", "ALTER DATABASE leaving SET default_transaction_read_only = on",
                          "ALTER ROLE reader IN DATABASE leaving SET search_path = own", "COMMENT ON DATABASE leaving IS 'it''s; kept'",
                          "ALTER DATABASE leaving CONNECTION LIMIT 7"):
            self.sql(statement)
        as_it_was = self.of_database("leaving")
        self.assertIn("reader=c*/board", as_it_was)
        self.site.write(components())
        self.site.run("apply", "--yes")
        self.assertEqual(self.sql("SELECT count(*) FROM pg_database WHERE datname = 'leaving'"), "0\n")
        self.site.run("rollback", "--yes")
        self.assertEqual(self.of_database("leaving"), as_it_was)
        self.assertEqual(self.sql("SELECT title FROM own.page WHERE title = 'KEPT'", "leaving"), "kept\n")
        self.assertEqual(self.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'page' AND schemaname = 'own'", "leaving"), "board\n")
        self.site.run("apply", "--yes")

    def test_8_a_role_that_leaves_the_list_goes(self):
        self.site.write(components(reader="", more=""))
        self.site.run("apply", "--yes")
        self.assertEqual(self.sql("SELECT count(*) FROM pg_roles WHERE rolname = 'reader'"), "0\n")
        # A rollback lets it in again, with its password and its rights.
        verifier = "SELECT substr(rolpassword, 1, 14) FROM pg_authid WHERE rolname = 'reader'"
        self.site.run("rollback", "--yes")
        self.assertEqual(self.sql(verifier), "SCRAM-SHA-256$\n")
        self.assertEqual(self.rights(), "true false\n")
        self.site.run("apply", "--yes")
        self.assertEqual(self.sql("SELECT count(*) FROM pg_roles WHERE rolname = 'reader'"), "0\n")
        self.assertEqual(self.sql("SELECT title FROM page"), "kept\n")

    def script(self, text):
        """Many statements at once, as psql reads them."""
        (self.lab.root("host1") / "opt" / "script.sql").write_text(text)
        out = self.lab.on("host1", "/sbin/runuser", "-u", "postgres", "--", "psql", "-XAtq", "--set=ON_ERROR_STOP=1", "--file=/opt/script.sql", "board")
        self.lab.on("host1", "rm", "/opt/script.sql")
        return out

    def test_8_b_what_is_to_be_absent_goes_and_comes_back_whole(self):
        self.site.write(components())
        self.site.run("apply", "--yes")
        self.script(STRANGERS)
        described = self.script(DESCRIBED)
        self.assertIn("SCRAM-SHA-256", described)
        self.assertIn("1000|", described)
        # A role that owns something is not dropped, and the plan says what it has.
        self.site.write(components(reader=READER + ', { name = "stranger", state = "absent" }'))
        self.assertIn("with objects or rights in database strange, the server", self.site.run("plan"))
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("cannot be dropped because some objects depend on it", self.site.errors)
        self.assertEqual(self.script(DESCRIBED), described)

        absent = components(reader=READER + ', { name = "stranger", state = "absent" }', newer=', { name = "strange", state = "absent" }',
                            board=', absent_extensions = ["citext", "hstore"]')
        self.site.write(absent)
        plan = self.site.run("plan")
        self.assertIn("0 to create, 0 to change, 4 to remove", plan)
        self.assertIn("it is dumped to quarantine first", plan)
        out = self.site.run("apply", "--yes")
        self.assertRegex(out, r"/quarantine/.*strange[.]dump")
        gone = ("SELECT (SELECT count(*) FROM pg_roles WHERE rolname = 'stranger') + (SELECT count(*) FROM pg_database WHERE datname = 'strange')"
                " + (SELECT count(*) FROM pg_extension WHERE extname IN ('citext', 'hstore'))")
        self.assertEqual(self.sql(gone), "0\n")
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        self.site.run("verify")
        # Somebody makes one of that name by hand: verify sees it, and the rollback puts it aside.
        self.sql("CREATE DATABASE strange", "postgres")
        self.sql("CREATE TABLE somebodys (text text)", "strange")
        self.site.run("verify", expect=3)
        self.assertIn("what is to be absent is not there", self.site.errors)
        self.assertRegex(self.site.run("rollback", "--yes"), r"/quarantine/.*strange[.]dump")
        self.assertEqual(self.script(DESCRIBED), described)
        self.assertEqual(self.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'wright%'"), "0\n")
        # They stay away for as long as the list says so, and a rollback of their return takes them away again.
        self.site.run("apply", "--yes")
        self.site.write(components())
        self.site.run("apply", "--yes")
        self.assertEqual(self.script(DESCRIBED), described)
        self.site.run("rollback", "--yes")
        self.assertEqual(self.sql(gone), "0\n")
        self.site.run("rollback", "--yes")
        self.assertEqual(self.script(DESCRIBED), described)

    def test_8_c_a_drop_that_fails_leaves_all_as_it_was(self):
        described = self.script(DESCRIBED)
        self.script("CREATE TABLE uses (word citext)")
        absent = components(reader=READER, newer=', { name = "strange", state = "absent" }', board=', absent_extensions = ["citext"]')
        self.site.write(absent)
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("other objects depend on it", self.site.errors)
        self.assertEqual(self.script(DESCRIBED), described)
        self.script("DROP TABLE uses; ALTER DATABASE strange IS_TEMPLATE true")
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("cannot drop a template database", self.site.errors)
        self.assertEqual(self.script(DESCRIBED), described)
        self.script("ALTER DATABASE strange IS_TEMPLATE false; DROP DATABASE strange; DROP ROLE stranger; DROP EXTENSION citext; DROP SCHEMA strange CASCADE")
        self.site.write(components())
        self.site.run("apply", "--yes")

    def test_9_gone_from_the_site_leaves_its_data_in_quarantine(self):
        self.site.write("")
        out = self.site.run("apply", "--yes")
        after = self.lab.snapshot("host1", self.folder / "after.json")
        self.assertEqual(self.lab.differences(self.before, after), "")
        dumps = [place for place in out.split() if place.endswith("board.dump") and "/quarantine/" in place]
        self.assertEqual(len(dumps), 1, out)
        self.assertIn("/var/lib/postgresql -> ", out)
        self.assertEqual((self.lab.root("host1") / dumps[0].lstrip("/")).read_bytes()[:5], b"PGDMP")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
