#!/bin/sh
# Written by wright; the next apply replaces hand edits.
# backup         dumps each database, and lets old dumps go
# backup check   restores each database's newest dump into a database that is dropped again
# backup list    reads each database's newest dump through, and restores nothing
set -eu
umask 077
export LC_ALL=C PGHOST=/var/run/postgresql PGPORT={{port}} PGDATABASE=postgres
programs={{programs}}
cd {{directory}}

# The whole form of the time: those of "shop-old" are none of "shop".
day='[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'
time='[0-9][0-9][0-9][0-9][0-9][0-9]'
dumps() { ls -1 -- "$1"-$day"T"$time"Z.$2" 2>/dev/null || true; }

# Each command says whether it failed: a database that cannot be dumped keeps its old dumps, and no other one waits for it.
dump() {
  part="$1-$(date -u +%Y%m%dT%H%M%SZ).part"
  dumps "$1" part | xargs -r rm -f -- &&
    "$programs/pg_dump" --format=custom --file="$part" -- "$1" &&
    sync "$part" &&
    mv -- "$part" "${part%.part}.dump" &&
    dumps "$1" dump | head -n "-{{keep}}" | xargs -r rm -f --
}

newest() {
  file=$(dumps "$1" dump | tail -n 1)
  if [ -z "$file" ]; then
    dump "$1" || return 1
    file=$(dumps "$1" dump | tail -n 1)
  fi
}

check() {
  newest "$1" || return 1
  scratch="wright_restore_$$"
  "$programs/createdb" --template=template0 -- "$scratch" || return 1
  result=0
  "$programs/pg_restore" --exit-on-error --no-owner --no-privileges --dbname="$scratch" -- "$file" || result=1
  tables=$("$programs/psql" -XAtqd "$scratch" -c "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')") ||
    result=1
  "$programs/dropdb" --force -- "$scratch" || result=1
  listed=$("$programs/pg_restore" --list -- "$file" | grep -c '^[0-9]*; [0-9]* [0-9]* TABLE [^ ]* [^ ]* [^ ]*$') || true
  if [ "$result" = 0 ] && [ "$tables" -lt "$listed" ]; then
    echo "$file: $listed tables in it, $tables restored" >&2
    result=1
  fi
  [ "$result" = 0 ] && echo "restored $file: $tables tables"
}

list() {
  newest "$1" && "$programs/pg_restore" --file=/dev/null -- "$file" && echo "read $file"
}

action=${1:-dump}
case "$action" in
  dump | check | list) ;;
  *) echo "usage: $0 [check|list]" >&2 && exit 64 ;;
esac
failed=0
for database in {{databases}}; do
  "$action" "$database" || failed=1
done
[ "$failed" = 0 ] && [ "$action" != dump ] && echo "all backups are good"
exit "$failed"
