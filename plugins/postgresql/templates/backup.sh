#!/bin/sh
# Written by wright; the next apply replaces hand edits.
# backup         dumps each database, and lets old dumps go
# backup check   restores each database's newest dump into a database that is dropped again
set -eu
umask 077
export PGHOST=/var/run/postgresql PGPORT={{port}} PGDATABASE=postgres
programs={{programs}}
cd {{directory}}

newest() { ls -1 -- "$1"-*.dump 2>/dev/null | tail -n 1; }

dump() {
  part="$1-$(date -u +%Y%m%dT%H%M%SZ).part"
  "$programs/pg_dump" --format=custom --file="$part" -- "$1"
  sync "$part"
  mv -- "$part" "${part%.part}.dump"
}

check() {
  file=$(newest "$1")
  if [ -z "$file" ]; then
    dump "$1"
    file=$(newest "$1")
  fi
  scratch="wright_restore_$$"
  trap '"$programs/dropdb" --if-exists --force -- "$scratch"' EXIT
  "$programs/createdb" --template=template0 -- "$scratch"
  "$programs/pg_restore" --exit-on-error --no-owner --no-privileges --dbname="$scratch" -- "$file"
  "$programs/dropdb" --force -- "$scratch"
  trap - EXIT
  echo "restored $file"
}

for database in {{databases}}; do
  case "${1:-dump}" in
    check) check "$database" ;;
    *)
      dump "$database"
      ls -1 -- "$database"-*.dump | head -n "-{{keep}}" | xargs -r rm --
      ;;
  esac
done
