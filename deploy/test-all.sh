#!/usr/bin/env bash
# `make test`, then once more on PostgreSQL what runs inside the tests' own process (the whole product as processes
# runs on the embedded default only). The server is private: its own folder, socket and account, gone afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

"$venv_python" -m pytest "$@"

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || stop "there is no PostgreSQL server here (apt-get install -y postgresql)."
folder=$(mktemp -d)
as=()
if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root.
    as=(runuser -u nobody --)
    chown nobody "$folder"
fi
end() {
    "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop > /dev/null 2>&1 || true
    rm -rf "$folder"
}
trap end EXIT
cd "$folder"
"${as[@]}" "$bin/initdb" -D "$folder/data" -U sinwon -A trust -E UTF8 --no-sync > "$folder/initdb.log" || stop "initdb failed."
"${as[@]}" "$bin/pg_ctl" -D "$folder/data" -o "-k $folder -c listen_addresses='' -c fsync=off" -w start > /dev/null ||
    stop "PostgreSQL did not start."
cd - > /dev/null
say "Once more, on PostgreSQL …"
DATABASE_URL="postgres://sinwon@/postgres?host=$folder" "$venv_python" -m pytest -m "not stack and not browser" "$@"
