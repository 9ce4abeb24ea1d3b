#!/usr/bin/env bash
# The fault drill on each stack in turn; the status is 1 if any was not good.
set -uo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

status=0
for stack in embedded postgresql-redis postgresql-rabbitmq; do
    "$venv_python" -m chaos --stack "$stack" "$@" || status=1
done
exit $status
