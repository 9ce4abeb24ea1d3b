#!/usr/bin/env bash
# Everything `make run` needs before it starts: packages, secrets, database, translations, static files.
# Each step is done once, and again only when what it depends on has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

deploy/packages.sh

var=${SINWON_VAR:-var}
# What lands in var/ is for this account only.
manage() { (umask 077 && "$venv_python" manage.py "$@"); }

if ! [ -s "$var/secret_key" ] || { [ -z "${AUDIT_KEY:-}" ] && ! [ -s "$var/audit.key" ]; } || ! [ -s "$var/reader.keys" ] || { [ -z "${KEYRING:-}" ] && ! [ -s "$var/keyring.json" ]; }; then
    say "Making secrets and keys in $var …"
    manage init
fi

# The static files, collected beside the database's turn: the machine has more than one core.
if ! [ -e "$var/.static" ] || [ "$stamp" -nt "$var/.static" ] ||
    [ -n "$(find static kyc config/settings.py -newer "$var/.static" -not -name '*.pyc' -not -name __pycache__ \
        \( -path 'static*' -o -path '*/static/*' -o -name settings.py \) -print -quit)" ]; then
    say "Collecting static files …"
    { manage collectstatic --no-input -v 0 && touch "$var/.static"; } &
    collecting=$!
fi

# A new database file, another database or a new migration: only then is there anything to migrate.
database() { echo "${DATABASE_URL:-} $(stat -c %i "$var/db.sqlite3" 2> /dev/null || true)"; }
wanted() { database; find kyc/migrations -name '*.py' -exec cksum {} + | sort; }
if [ "$(wanted)" != "$(cat "$var/.migrated" 2> /dev/null || true)" ]; then
    say "Setting up the database …"
    manage migrate -v 0
    wanted > "$var/.migrated"
fi
[ -z "${collecting:-}" ] || wait "$collecting"
