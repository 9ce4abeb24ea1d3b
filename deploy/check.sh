#!/usr/bin/env bash
# Every check that needs no running product. All run, whatever fails; the status is 1 if any did.
set -uo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

deploy/packages.sh --dev || exit 1
failed=()

# Keys and a database of this check's own: it neither needs nor touches var/.
SINWON_VAR=$(mktemp -d)
export SINWON_VAR
trap 'rm -rf "$SINWON_VAR"' EXIT
"$venv_python" manage.py init > /dev/null || exit 1

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

# As a deployment would be: with every line of the example's environment (which is no shell script: values have blanks).
deployment() {
    local line
    local -a environment=()
    while IFS= read -r line; do
        case $line in '' | '#'*) ;; *) environment+=("$line") ;; esac
    done < deploy/example.env
    env "${environment[@]}" "$venv_python" manage.py check --deploy --fail-level WARNING
}

check "ruff check" "$venv_python" -m ruff check
check "ruff format" "$venv_python" -m ruff format --check
check "mypy --strict" "$venv_python" -m mypy
check "import layers" "$venv_python" -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
check "migrations" "$venv_python" manage.py makemigrations --check --dry-run
check "migrations beside the version before" "$venv_python" deploy/lint_migrations.py
check "translations" "$venv_python" deploy/catalogue.py check
check "deployment settings" deployment
check "documentation" deploy/docs.sh --strict

if [ ${#failed[@]} -gt 0 ]; then
    say "Failed: $(IFS=,; echo "${failed[*]}")."
    exit 1
fi
say "All checks passed."
