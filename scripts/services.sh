#!/usr/bin/env bash
# The services that the tests want, on this machine's loopback and only for as long as you want them:
# PostgreSQL, Redis and, where the chroma command is installed, a Chroma server.
#
#   scripts/services.sh start | stop | status | env
#
# What already listens at TEST_DATABASE_URL, TEST_REDIS_URL or TEST_CHROMA_URL is used as it is. What this script
# starts, it keeps under .services and stops again; it never stops what it did not start. All data in here is
# throw-away: the database is tuned for speed, not for surviving a power cut.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
checkout=$PWD
state=$checkout/.services
database_url=${TEST_DATABASE_URL:-postgresql+psycopg://frontdesk:frontdesk@127.0.0.1:55432/frontdesk_test}
redis_url=${TEST_REDIS_URL:-redis://127.0.0.1:56379/0}
chroma_url=${TEST_CHROMA_URL:-http://127.0.0.1:58000}

main() {
  case ${1:-} in
    start) locked; start ;;
    stop) locked; stop ;;
    status) status ;;
    env) env_lines ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; return 2 ;;
  esac
}

start() {
  local failed=0
  start_postgres || failed=1
  start_redis || failed=1
  start_chroma || failed=1
  return "$failed"
}

stop() {
  stop_postgres
  stop_by_pid_file Redis "$state/redis/redis.pid" "$redis_pattern"
  stop_by_pid_file Chroma "$state/chroma/chroma.pid" "$chroma_pattern"
}

# Ends with 0 only when everything that the tests want is there, so that a script can ask.
status() {
  local missing=0
  report PostgreSQL "$database_url" 5432 || missing=3
  report Redis "$redis_url" 6379 || missing=3
  report Chroma "$chroma_url" 8000 || [ -z "$(chroma_command)" ] || missing=3
  return "$missing"
}

env_lines() {
  printf 'export TEST_DATABASE_URL=%q\n' "$database_url"
  printf 'export TEST_REDIS_URL=%q\n' "$redis_url"
  printf 'export TEST_CHROMA_URL=%q\n' "$chroma_url"
}

# --- PostgreSQL ---------------------------------------------------------------------------------------------

start_postgres() {
  parse_url "$database_url" 5432
  if listens "$url_host" "$url_port"; then say PostgreSQL "already there"; return 0; fi
  startable PostgreSQL || return 1
  find_postgres || return 1
  prepare_postgres_home || return 1
  # A cluster left behind by a crash may need a moment, and one left by another version cannot be used at all.
  run_postgres || { sleep 1; run_postgres; } || { rebuild_postgres && run_postgres; } || {
    say PostgreSQL "did not start; the end of its log:"
    tail -n 15 "$postgres_home/log" >&2
    return 1
  }
  create_database || { say PostgreSQL "runs, but the database could not be created"; return 1; }
  say PostgreSQL started
}

stop_postgres() {
  find_postgres 2>/dev/null || return 0
  prepare_postgres_home || return 0
  as_server_user "$postgres_bin/pg_ctl" status -D "$postgres_home/data" >/dev/null 2>&1 || return 0
  as_server_user "$postgres_bin/pg_ctl" stop -D "$postgres_home/data" -m fast -w >/dev/null
  echo "PostgreSQL: stopped"
}

# Debian keeps initdb out of PATH, one folder a major version; the newest is taken.
find_postgres() {
  local initdb
  initdb=$({ ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null || true; } | sort -V | tail -n 1)
  initdb=${initdb:-$(command -v initdb || true)}
  if [ -z "$initdb" ]; then
    echo "PostgreSQL: not installed. Get it with: sudo apt-get install postgresql" >&2
    return 1
  fi
  postgres_bin=$(dirname "$initdb")
  server_user=$(id -un)
  [ "$(id -u)" -ne 0 ] || server_user=postgres
  if ! id -u "$server_user" >/dev/null 2>&1; then
    echo "PostgreSQL: refuses to run as root, and there is no user 'postgres'. Get one with: apt-get install postgresql" >&2
    return 1
  fi
}

# PostgreSQL's own user may not be able to reach a checkout under somebody's home; then its files live apart.
prepare_postgres_home() {
  postgres_home=$state/postgres
  mkdir -p "$postgres_home"
  [ "$(id -u)" -eq 0 ] || return 0
  chown "$server_user" "$postgres_home"
  if as_server_user test -w "$postgres_home"; then return 0; fi
  local apart
  apart=/var/tmp/frontdesk-services-$(id -u)
  (umask 066 && mkdir -p "$apart")
  # Anybody may write to /var/tmp: a folder that somebody else put there first is not used.
  if [ ! -O "$apart" ] || [ -L "$apart" ]; then
    echo "PostgreSQL: $apart belongs to somebody else" >&2
    return 1
  fi
  postgres_home=$apart/$(printf '%s' "$checkout" | cksum | tr -d ' ')
  mkdir -p "$postgres_home"
  chown "$server_user" "$postgres_home"
}

run_postgres() {
  local version=${postgres_bin%/bin}
  if [ -s "$postgres_home/data/PG_VERSION" ] && [[ $version == */[0-9]* ]] &&
    [ "$(cat "$postgres_home/data/PG_VERSION")" != "${version##*/}" ]; then
    return 1
  fi
  [ -s "$postgres_home/data/PG_VERSION" ] || rebuild_postgres || return 1
  as_server_user "$postgres_bin/pg_ctl" start -D "$postgres_home/data" -l "$postgres_home/log" -w -t 60 \
    -o "-p $url_port -h $url_host -k '' -F -c synchronous_commit=off -c full_page_writes=off" >/dev/null 2>&1
}

rebuild_postgres() {
  rm -rf "${postgres_home:?}/data" "$postgres_home/password"
  # A password nobody knows for the superuser; the tests sign in as a plain role, as an installation would.
  (umask 077 && od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$postgres_home/password")
  [ "$(id -u)" -ne 0 ] || chown "$server_user" "$postgres_home/password"
  as_server_user "$postgres_bin/initdb" -D "$postgres_home/data" -U postgres -E UTF8 --locale=C.UTF-8 \
    -A scram-sha-256 --pwfile="$postgres_home/password" --no-sync >"$state/initdb.log" 2>&1 ||
    { tail -n 15 "$state/initdb.log" >&2; return 1; }
}

create_database() {
  PGPASSWORD=$(cat "$postgres_home/password") "$postgres_bin/psql" -X -q -v ON_ERROR_STOP=1 \
    -h "$url_host" -p "$url_port" -U postgres -d postgres \
    -v role="$url_user" -v password="$url_password" -v name="$url_name" >/dev/null <<'SQL'
SELECT format('CREATE ROLE %I LOGIN CREATEDB PASSWORD %L', :'role', :'password')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SQL
}

# The lock on file descriptor 9 must not travel into a server that outlives this script.
as_server_user() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && exec runuser -u "$server_user" -- env LC_ALL=C "$@" 9>&-)
  else
    LC_ALL=C "$@" 9>&-
  fi
}

# --- Redis --------------------------------------------------------------------------------------------------

redis_pattern='(redis|valkey)-server'

start_redis() {
  local server
  parse_url "$redis_url" 6379
  if listens "$url_host" "$url_port"; then say Redis "already there"; return 0; fi
  startable Redis || return 1
  server=$(command -v redis-server || command -v valkey-server || true)
  if [ -z "$server" ]; then
    echo "Redis: not installed. Get it with: sudo apt-get install redis-server" >&2
    return 1
  fi
  mkdir -p "$state/redis"
  (cd "$state/redis" && "$server" --bind "$url_host" --port "$url_port" --save '' --appendonly no --daemonize yes \
    --dir . --pidfile redis.pid --logfile redis.log >/dev/null 9>&-)
  wait_until listens "$url_host" "$url_port" || {
    say Redis "did not start; the end of its log:"
    tail -n 15 "$state/redis/redis.log" >&2
    return 1
  }
  say Redis started
}

# --- Chroma -------------------------------------------------------------------------------------------------

chroma_pattern='chroma'

start_chroma() {
  local chroma
  chroma=$(chroma_command)
  parse_url "$chroma_url" 8000
  if listens "$url_host" "$url_port"; then say Chroma "already there"; return 0; fi
  [ -n "$chroma" ] || return 0
  startable Chroma || return 1
  mkdir -p "$state/chroma"
  (
    cd "$state/chroma"
    ANONYMIZED_TELEMETRY=False exec setsid "$chroma" run --host "$url_host" --port "$url_port" --path data
  ) >"$state/chroma/chroma.log" 2>&1 </dev/null 9>&- &
  echo "$!" >"$state/chroma/chroma.pid"
  wait_until chroma_answers || {
    say Chroma "did not start; the end of its log:"
    tail -n 15 "$state/chroma/chroma.log" >&2
    return 1
  }
  say Chroma started
}

chroma_command() {
  if [ -x "$checkout/.venv/bin/chroma" ]; then
    echo "$checkout/.venv/bin/chroma"
  else
    command -v chroma || true
  fi
}

chroma_answers() {
  local line=''
  {
    exec 3<>"/dev/tcp/$url_host/$url_port" &&
      printf 'GET /api/v2/heartbeat HTTP/1.0\r\nHost: %s\r\n\r\n' "$url_host" >&3 && read -r -t 2 line <&3
    exec 3<&- 3>&-
  } 2>/dev/null
  [[ $line == *" 200"* ]]
}

# --- What all three share -----------------------------------------------------------------------------------

# Two starts at once would step on each other's files.
locked() {
  mkdir -p "$state"
  command -v flock >/dev/null || return 0
  exec 9>"$state/lock"
  flock -w 120 9 || { echo "Another start or stop is still under way." >&2; exit 1; }
}

parse_url() {
  local pattern='^[^:]+://(([^:@/]*)(:([^@/]*))?@)?([^:/?]+)(:([0-9]+))?(/([^?]*))?'
  if ! [[ $1 =~ $pattern ]]; then
    echo "Not an address that can be read: $1" >&2
    exit 2
  fi
  url_user=${BASH_REMATCH[2]:-frontdesk}
  url_password=${BASH_REMATCH[4]}
  url_host=${BASH_REMATCH[5]}
  url_port=${BASH_REMATCH[7]:-$2}
  url_name=${BASH_REMATCH[9]:-$url_user}
}

startable() {
  case $url_host in
    localhost | 127.*) ;;
    *) say "$1" "nothing listens there, and only services of this machine can be started"; return 1 ;;
  esac
}

listens() {
  timeout 2 bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null
}

wait_until() {
  local tries
  for tries in {1..150}; do
    "$@" && return 0
    [ "$tries" -eq 150 ] || sleep 0.2
  done
  return 1
}

# A pid file may outlive its process and the number be given to another: what runs under it is looked at first.
stop_by_pid_file() {
  local name=$1 file=$2 pattern=$3 pid
  [ -s "$file" ] || return 0
  pid=$(cat "$file")
  if [[ $(command_of "$pid") =~ $pattern ]]; then
    kill "$pid" 2>/dev/null || true
    wait_until gone "$pid" || kill -9 "$pid" 2>/dev/null || true
    echo "$name: stopped"
  fi
  rm -f "$file"
}

# Small installations have /proc, but no ps.
command_of() {
  if [ -r "/proc/$1/cmdline" ]; then
    tr '\0' ' ' <"/proc/$1/cmdline"
  else
    ps -o args= -p "$1" 2>/dev/null || true
  fi
}

gone() {
  ! kill -0 "$1" 2>/dev/null
}

report() {
  parse_url "$2" "$3"
  if listens "$url_host" "$url_port"; then say "$1" "there"; return 0; fi
  say "$1" "nothing listens"
  return 1
}

say() {
  echo "$1: $2 ($url_host:$url_port)"
}

main "$@"
