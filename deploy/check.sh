#!/usr/bin/env bash
# Every check that needs no running product. All run, whatever fails; the status is 1 if any did.
set -uo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

deploy/setup.sh --dev || exit 1
failed=()

check() {
    local name=$1 began=$SECONDS output
    shift
    if output=$("$@" 2>&1); then
        say "ok      $name ($((SECONDS - began)) s)"
    else
        say "FAILED  $name ($((SECONDS - began)) s)"
        say "$output"
        failed+=("$name")
    fi
}

# As a deployment would be: the example's environment, keys made for this check only.
deployment() {
    local folder status=0
    folder=$(mktemp -d)
    env SINWON_VAR="$folder" "$venv_python" manage.py init > /dev/null &&
        (
            set -a
            . deploy/example.env
            SINWON_VAR=$folder "$venv_python" manage.py check --deploy --fail-level WARNING
        ) || status=1
    rm -rf "$folder"
    return $status
}

check "ruff check" "$venv_python" -m ruff check
check "ruff format" "$venv_python" -m ruff format --check
check "mypy --strict" "$venv_python" -m mypy
check "import layers" "$venv_python" -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
check "migrations" "$venv_python" manage.py makemigrations --check --dry-run
check "translations" "$venv_python" deploy/catalogue.py check
check "deployment settings" deployment

if [ ${#failed[@]} -gt 0 ]; then
    say "Failed: $(IFS=,; echo "${failed[*]}")."
    exit 1
fi
say "All checks passed."
