#!/usr/bin/env bash
# The full matrix: every test, then the long ones, on the embedded default; once more on PostgreSQL what runs inside
# the tests' own process (tests/postgresql.py starts a private server and takes it away again); then the whole on each broker.
# Each is run whatever became of the one before; the status is 1 if any failed.
set -uo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

status=0
"$venv_python" -m pytest --numprocesses 2 "$@" || status=1
say "The long ones, which measure: each alone …"
"$venv_python" -m pytest -m full "$@" || status=1
say "Once more, on PostgreSQL …"
SINWON_TEST_DATABASE=postgresql "$venv_python" -m pytest --numprocesses 2 -m "not stack and not browser" "$@" || status=1
say "The whole product on PostgreSQL with Redis, RabbitMQ, SQS and S3 …"
SINWON_TEST_DATABASE=postgresql "$venv_python" -m pytest -m stack tests/journey/test_production_parts.py || status=1
exit $status
