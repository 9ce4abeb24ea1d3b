#!/usr/bin/env bash
# The full matrix: every test, the long ones too, on the embedded default; once more on PostgreSQL what runs inside
# the tests' own process (tests/postgresql.py starts a private server and takes it away again); then the whole on each broker.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

"$venv_python" -m pytest --numprocesses 2 -m "full or not full" "$@"
say "Once more, on PostgreSQL …"
SINWON_TEST_DATABASE=postgresql "$venv_python" -m pytest --numprocesses 2 -m "not stack and not browser" "$@"
say "The whole product on PostgreSQL with Redis, RabbitMQ, SQS and S3 …"
SINWON_TEST_DATABASE=postgresql "$venv_python" -m pytest -m stack tests/journey/test_production_parts.py
