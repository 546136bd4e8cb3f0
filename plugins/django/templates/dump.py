# Dumps the default database before migrations change it. For `manage.py shell`, read from standard input.
import datetime
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

FOLDER, RELEASE, KEEP = pathlib.Path("{{folder}}"), "{{release}}", {{keep}}


def dump_postgresql(part):
    if shutil.which("pg_dump") is None:
        sys.exit('pg_dump is not on this host: name "postgresql-client" in apt_packages, or set dump = false')
    # psql's options for the connection are pg_dump's too.
    argv, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    dump = ["pg_dump", "--format=custom", "--no-password", f"--file={part}", *argv[1:]]
    done = subprocess.run(dump, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"pg_dump ended with {done.returncode}")


def dump_sqlite(part):
    there, copy = sqlite3.connect(connection.settings_dict["NAME"]), sqlite3.connect(part)
    there.backup(copy)
    copy.close()


def dump():
    ways = {"postgresql": dump_postgresql, "sqlite": dump_sqlite}
    if connection.vendor not in ways:
        sys.exit(f"cannot dump a database of the kind {connection.vendor}: set dump = false")
    time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    whole = FOLDER / f"{time}-before-{RELEASE}.{'sqlite3' if connection.vendor == 'sqlite' else 'dump'}"
    part = whole.with_name(whole.name + ".part")
    part.touch(mode=0o600)
    ways[connection.vendor](part)
    part.rename(whole)
    print(f"the database is in {whole}")
    for part in FOLDER.glob("*.part"):
        part.unlink()
    for old in sorted(FOLDER.glob("*-before-*"))[:-KEEP]:
        old.unlink()


executor = MigrationExecutor(connection)
if not executor.loader.applied_migrations:
    print("the database is new")
elif not executor.migration_plan(executor.loader.graph.leaf_nodes()):
    print("there is nothing to migrate")
else:
    dump()
