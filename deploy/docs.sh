#!/usr/bin/env bash
# Builds the documentation into var/docs, where the product serves it at /docs/.
# --strict: what is merely odd fails too (`make docs`, `make check`). --later: in the background, out of the way of a start.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

var=${SINWON_VAR:-var}
if [ "${1:-}" = --later ]; then
    nice -n 19 deploy/docs.sh > "$var/docs.log" 2>&1 < /dev/null &
    exit
fi

# Sphinx: the developers' packages hold it; else it lies apart from the product's own, in a folder of the environment.
apart=$venv/docs
if [ "${1:-}" != --strict ] && ! "$venv_python" -I -c 'import myst_parser' 2> /dev/null; then
    if ! cmp -s requirements-docs.txt "$apart/installed.txt"; then
        rm -rf "$apart"
        "$venv_python" -I -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps \
            --no-compile --target "$apart" -r requirements-docs.txt
        cp requirements-docs.txt "$apart/installed.txt"
    fi
    export PYTHONPATH=$PWD/$apart
fi

# Everything that a page is made of.
made_of() { find docs ./*.md static/img/mark.svg requirements-docs.txt -type f -not -name '*.pyc' -exec cksum {} + | sort; }
if [ -z "${1:-}" ] && [ "$(made_of)" = "$(cat "$var/docs.made-of" 2> /dev/null || true)" ]; then exit; fi

strict=()
[ "${1:-}" != --strict ] || strict=(--fail-on-warning --keep-going)
work=$(mktemp -d "$var/docs.XXXXXX")
trap 'rm -rf "$work"' EXIT
"$venv_python" -m sphinx --quiet "${strict[@]}" --doctree-dir "$work/doctrees" docs "$work/site"
rm -f "$work/site/.buildinfo" "$work/site/objects.inv"
rm -rf "$var/docs"
mv "$work/site" "$var/docs"
made_of > "$var/docs.made-of"
