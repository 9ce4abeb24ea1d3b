#!/usr/bin/env bash
# Pins everything that pyproject.toml names, for every Python from 3.11 on, with hashes. The tool is uv, fetched into
# a folder of its own: it is the only one that locks for all platforms at once.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

find_python
if ! uv=$(command -v uv); then
    uv=.venv-lock/bin/uv
    [ -x "$uv" ] || { "$python" -I -m venv .venv-lock && .venv-lock/bin/python -I -m pip install -q uv; }
fi
compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
        --no-emit-index-url "$@"
}
compile pyproject.toml -o requirements.txt
compile --group docs -c requirements.txt -o requirements-docs.txt
compile --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
git --no-pager diff --stat -- requirements.txt requirements-dev.txt requirements-docs.txt
