# Dumps the default database before migrations change it. For `manage.py shell`, read from standard input.
import datetime
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

FOLDER, RELEASE, CURRENT = pathlib.Path("{{folder}}"), "{{release}}", pathlib.Path("{{current}}")
# Django's own translation of these came with 3.2.
WORDS = {"USER": "--username", "HOST": "--host", "PORT": "--port"}
VARIABLES = {"options": "PGOPTIONS", "passfile": "PGPASSFILE", "service": "PGSERVICE", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
             "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}


def why_not(code):
    said = subprocess.run(["pg_dump", "--version"], stdout=subprocess.PIPE, universal_newlines=True).stdout
    client, server = int(re.search(r"\) (\d+)", said).group(1)), connection.pg_version // 10000
    if client < server:
        return (f'pg_dump of PostgreSQL {client} cannot dump a server of {server}: name "postgresql-client-{server}" in apt_packages, '
                "or set dump = false")
    return f"pg_dump ended with {code}, for the reason it gives above: mend that, or set dump = false"


def dump_postgresql(part):
    if shutil.which("pg_dump") is None:
        sys.exit('pg_dump is not on this host: name "postgresql-client" in apt_packages, or set dump = false')
    settings = connection.settings_dict
    environment = {variable: str(settings["OPTIONS"][name]) for name, variable in VARIABLES.items() if settings.get("OPTIONS", {}).get(name)}
    if settings.get("PASSWORD"):
        environment["PGPASSWORD"] = str(settings["PASSWORD"])
    if settings.get("NAME"):
        environment["PGDATABASE"] = str(settings["NAME"])
    words = [f"{word}={settings[name]}" for name, word in WORDS.items() if settings.get(name)]
    done = subprocess.run(["pg_dump", "--format=custom", "--no-password", f"--file={part}", *words], env={**os.environ, **environment},
                          stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(why_not(done.returncode))


def dump_sqlite(part):
    there, copy = sqlite3.connect(str(connection.settings_dict["NAME"])), sqlite3.connect(str(part))
    try:
        there.backup(copy)
    except sqlite3.Error as problem:
        sys.exit(f"cannot copy the database to {part}: {problem}")
    finally:
        copy.close()


def dump():
    ways = {"postgresql": dump_postgresql, "sqlite": dump_sqlite}
    if connection.vendor not in ways:
        sys.exit(f"cannot dump a database of the kind {connection.vendor}: set dump = false")
    time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%S.%fZ")
    whole = FOLDER / f"{time}-before-{RELEASE}.{'sqlite3' if connection.vendor == 'sqlite' else 'dump'}"
    part = whole.with_name(whole.name + ".part")
    for left in FOLDER.glob("*.part"):
        left.unlink()
    try:
        part.touch(mode=0o600)
        ways[connection.vendor](part)
        part.rename(whole)
    finally:
        if part.exists():
            part.unlink()
    print(f"the database is in {whole}")
    forget_between(whole.name.partition("-before-")[2])


def forget_between(name):
    """Of a release that is tried again and again, the first dump is the database as no migration of it has touched it, and
    the last the one with all that came since. Those of other releases go after the switch."""
    switched = CURRENT.lstat().st_mtime if CURRENT.is_symlink() else 0
    tried = sorted(entry for entry in FOLDER.glob(f"*-before-{name}") if entry.stat().st_mtime > switched)
    for entry in tried[1:-1]:
        entry.unlink()


executor = MigrationExecutor(connection)
if not executor.loader.applied_migrations:
    print("the database is new")
elif not executor.migration_plan(executor.loader.graph.leaf_nodes()):
    print("there is nothing to migrate")
else:
    dump()
