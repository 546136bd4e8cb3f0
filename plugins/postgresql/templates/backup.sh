#!/bin/bash
# Written by wright; the next apply replaces hand edits.
# backup         dumps each database, and lets old dumps go
# backup check   restores each database's newest dump into a database that is dropped again
# backup list    reads each database's newest dump through, and restores nothing
#                (both make a dump for it, and drop that again, when those that stay are encrypted)
# backup restore DUMP DATABASE
#                makes DATABASE, which must not be there yet, of a dump, with its owners and rights
set -euo pipefail
umask 077
export LC_ALL=C PGHOST=/var/run/postgresql PGPORT={{port}} PGDATABASE=postgres
programs={{programs}}
exec {checking}<"$0"
cd {{directory}}
exec {dumping}<.

# The whole form of the time: those of "shop-old" are none of "shop".
day='[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'
time='[0-9][0-9][0-9][0-9][0-9][0-9]'
dumps() { ls -1 -- "$1"-$day"T"$time"Z.$2" 2>/dev/null || true; }
# Those of times when they were encrypted and of others.
kept() { { dumps "$1" dump; dumps "$1" dump.age; } | sort; }
encrypted={{encrypted}}
encrypt() { age {{recipients}} "$@"; }
temporary=${TMPDIR:-/var/tmp}

# What a run that was killed left, perhaps in plain. One that goes on has the lock, and so have the programs that it started.
sweep() {
  if flock -n "$dumping"; then
    find . -maxdepth 1 -type f \( -name "*-${day}T${time}Z.part" -o -name "*-${day}T${time}Z.age.part" -o -name "*-${day}T${time}Z.check" \) -delete
    flock -u "$dumping"
  fi
  if flock -n "$checking"; then
    find "$temporary" -maxdepth 1 -type d -user "$(id -u)" -name 'postgresql-backup.*' -exec rm -rf -- {} +
    flock -u "$checking"
  fi
}

# Each command says whether it failed: a database that cannot be dumped keeps its old dumps, and no other one waits for it.
# What is there by its last name is whole and on disk. With encryption nothing is there in plain at any time.
dump() {
  flock "$dumping"
  stamp=$(date -u +%Y%m%dT%H%M%SZ)
  if [ "$encrypted" = yes ]; then
    part="$1-$stamp.age.part" whole="$1-$stamp.dump.age"
    "$programs/pg_dump" --format=custom -- "$1" | encrypt --output "$part"
  else
    part="$1-$stamp.part" whole="$1-$stamp.dump"
    "$programs/pg_dump" --format=custom --file="$part" -- "$1"
  fi && sync "$part" && mv -- "$part" "$whole" || { rm -f -- "$part" && return 1; }
  outdated "$1" | xargs -r rm -f --
}

# Those that are neither among the newest nor the last of a week or month that still counts.
outdated() {
  kept "$1" | sort -r | while read -r file; do
    stamp=${file#"$1-"}
    echo "$(date -d "${stamp%%T*}" '+%G-%V %Y-%m') $file"
  done | awk -v newest={{keep}} -v weeks={{weeks}} -v months={{months}} '{
    stays = NR <= newest
    if (!($1 in week) && weeks > 0) { week[$1]; --weeks; stays = 1 }
    if (!($2 in month) && months > 0) { month[$2]; --months; stays = 1 }
    if (!stays) print $3
  }'
}

# The newest dump as "file", made now when there is none, or only plain ones with encryption. This host cannot read an
# encrypted one, so that another one of now stands for it, where nothing that carries the backups away sees it.
newest() {
  file=$(kept "$1" | tail -n 1)
  case "$encrypted $file" in
    "yes "*.age | "no "?*) ;;
    *)
      dump "$1" || return 1
      file=$(kept "$1" | tail -n 1)
      ;;
  esac
  case "$encrypted $file" in
    *.age)
      [ "$(head -n 1 -- "$file" | tr -d '\0')" = age-encryption.org/v1 ] || { echo "$file: is not encrypted by age" >&2 && return 1; }
      if [ -z "$private" ]; then
        flock "$checking"
        private=$(mktemp -d "$temporary/postgresql-backup.XXXXXXXXXX") || return 1
      fi
      file="$private/$1.check"
      "$programs/pg_dump" --format=custom --file="$file" -- "$1"
      ;;
    "yes "*) echo "$file: is newer than the one of now, and is not encrypted" >&2 && return 1 ;;
  esac
}
private=
trap '[ -z "$private" ] || rm -rf -- "$private"' EXIT
done_with() { case "$file" in *.check) rm -f -- "$file" ;; esac; }

check() {
  newest "$1" || { done_with && return 1; }
  scratch="wright_restore_$$"
  "$programs/createdb" --template=template0 -- "$scratch" || { done_with && return 1; }
  result=0
  "$programs/pg_restore" --exit-on-error --no-owner --no-privileges --dbname="$scratch" -- "$file" || result=1
  tables=$("$programs/psql" -XAtqd "$scratch" -c "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')") ||
    result=1
  "$programs/dropdb" --force -- "$scratch" || result=1
  listed=$("$programs/pg_restore" --list -- "$file" | grep -c '^[0-9]*; [0-9]* [0-9]* TABLE [^ ]* [^ ]* [^ ]*$') || true
  done_with
  if [ "$result" = 0 ] && [ "$tables" -lt "$listed" ]; then
    echo "$file: $listed tables in it, $tables restored" >&2
    result=1
  fi
  [ "$result" = 0 ] && echo "restored $file: $tables tables"
}

list() {
  newest "$1" && "$programs/pg_restore" --file=/dev/null -- "$file" && echo "read $file"
  result=$?
  done_with
  return "$result"
}

restore() {
  case "$1" in
    /*) file=$1 ;;
    *) file="$PWD/$1" ;;
  esac
  case "$file" in *.age) echo "$file is encrypted: age --decrypt --identity KEY --output ${file%.age} $file" >&2 && return 1 ;; esac
  source=$(basename -- "$file" | sed "s/-$day""T$time""Z[.]dump\$//")
  # As the database that it is of, when that is still there.
  set -- "$2" "$("$programs/psql" -XAtq -v name="$source" <<'SQL'
SELECT format('OWNER %I ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_get_userbyid(datdba), pg_encoding_to_char(encoding),
              datcollate, datctype) FROM pg_database WHERE datname = :'name';
SQL
)"
  "$programs/psql" -XAtq -v ON_ERROR_STOP=1 -v name="$1" <<SQL || return 1
CREATE DATABASE :"name" TEMPLATE template0 $2;
SQL
  if "$programs/pg_restore" --exit-on-error --dbname="$1" -- "$file"; then
    echo "restored $file into $1"
  else
    "$programs/dropdb" --force -- "$1"
    return 1
  fi
}

action=${1:-dump}
case "$action $#" in
  "restore 3") restore "$2" "$3" && exit 0 || exit 1 ;;
  "dump "[01] | "check 1" | "list 1") ;;
  *) echo "usage: $0 [check|list|restore DUMP DATABASE]" >&2 && exit 64 ;;
esac
sweep
# Age itself says whether these are keys that it knows.
if [ "$action $encrypted" = "check yes" ] || [ "$action $encrypted" = "list yes" ]; then
  echo wright | encrypt --output /dev/null || { echo "dumps cannot be encrypted for backup_recipients" >&2 && exit 1; }
fi
failed=0
for database in {{databases}}; do
  "$action" "$database" || failed=1
done
[ "$failed" = 0 ] && [ "$action" != dump ] && echo "all backups are good"
exit "$failed"
