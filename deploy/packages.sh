#!/usr/bin/env bash
# The virtual environment with the pinned packages, and the compiled translations. `--dev` adds the developers' tools.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

find_python
make_venv
if [ "${1:-}" = --dev ]; then install_packages requirements-dev.txt; else install_packages requirements.txt; fi
"$venv_python" deploy/catalogue.py compile
