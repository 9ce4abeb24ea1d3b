# Shared by the set-up scripts: sentences, Python, the virtual environment. To be sourced by bash.

venv=.venv
venv_python=$venv/bin/python
stamp=$venv/installed.txt

say() { printf '%s\n' "$*"; }
stop() { printf 'Sorry: %s\n' "$*" >&2; exit 1; }

# Sets $python to a Python that can run the product.
find_python() {
    local candidate
    if [ -n "${PYTHON:-}" ]; then
        python=$(command -v "$PYTHON") || stop "PYTHON=$PYTHON is no program on this machine."
        fit "$python" || stop "PYTHON=$PYTHON is $("$python" -V 2>&1), but Sinwon needs Python 3.11 or newer."
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11; do
        if python=$(command -v "$candidate") && fit "$python"; then return; fi
    done
    command -v python3 > /dev/null ||
        stop "there is no Python here. On Debian and Ubuntu: apt-get install -y python3-venv"
    stop "Sinwon needs Python 3.11 or newer, and this machine has $(python3 -V 2>&1). Name another one: make setup PYTHON=/path/to/python3.11"
}

fit() { "$1" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; }

# Makes .venv where it is missing, half made, copied from elsewhere, or of another Python than asked for.
make_venv() {
    local version
    version=$("$python" -I -c 'import sys; print(sys.version)')
    if [ -e "$venv/made" ] && "$venv_python" -I -c 'import pip' 2> /dev/null &&
        { [ -z "${PYTHON:-}" ] || [ "$("$venv_python" -I -c 'import sys; print(sys.version)')" = "$version" ]; } &&
        [ "$(cat "$venv/made")" = "$PWD" ]; then
        return
    fi
    "$python" -I -c 'import ensurepip, venv' 2> /dev/null ||
        stop "$python cannot make virtual environments. On Debian and Ubuntu: apt-get install -y python3-venv"
    say "Making $venv with $("$python" -V) …"
    rm -rf "$venv"
    "$python" -I -m venv "$venv" || stop "the virtual environment could not be made (see above)."
    printf '%s' "$PWD" > "$venv/made"
}

# Installs the packages of a locked list, unless just these are installed. $stamp keeps the list that is.
install_packages() {
    local list=$1 total began=$SECONDS
    if cmp -s "$list" "$stamp" || { [ "$list" = requirements.txt ] && [ -e "$stamp" ] && covers "$stamp"; }; then return; fi
    total=$(grep -c '^[a-zA-Z0-9]' "$list")
    say "Installing $total packages (about 150 MB to fetch, half a minute to two) …"
    rm -f "$stamp"
    # -I: neither PYTHONPATH nor a user's own packages. Bytecode is made by the first import: that is faster here.
    "$venv_python" -I -m pip install --disable-pip-version-check --no-input --require-hashes --no-deps \
        --no-compile -r "$list" > "$venv/pip.log" 2>&1 < /dev/null &
    watch_pip $! "$total" || explain_pip
    cp "$list" "$stamp"
    [ "$list" = requirements.txt ] || cp requirements.txt "$venv/runtime.txt"
    say "Installed in $((SECONDS - began)) s."
}

# The developers' list holds all of the product's: what was installed with it need not be installed again.
covers() { cmp -s requirements.txt "$venv/runtime.txt" && ! cmp -s "$1" requirements.txt; }

# Shows how far pip is, on one line of a terminal or now and then in a log, and returns its status.
watch_pip() {
    local process=$1 total=$2 done_now told=-1
    while kill -0 "$process" 2> /dev/null; do
        done_now=$(grep -c '^Collecting ' "$venv/pip.log" 2> /dev/null || true)
        grep -q '^Installing collected' "$venv/pip.log" 2> /dev/null && done_now=unpacking
        if [ "$done_now" != "$told" ]; then
            told=$done_now
            [ "$told" = unpacking ] && told_text="  fetched all; unpacking …" || told_text="  fetched $told of $total"
            if [ -t 1 ]; then printf '\r%-40s' "$told_text"; elif [ "$told" = unpacking ] || [ $((told % 10)) = 0 ]; then say "$told_text"; fi
        fi
        sleep 0.5
    done
    if [ -t 1 ]; then printf '\r%-40s\r' ''; fi
    wait "$process"
}

explain_pip() {
    tail -n 15 "$venv/pip.log" >&2
    if grep -qiE 'Failed to establish|Temporary failure in name|Network is unreachable|Connection refused|timed out' "$venv/pip.log"; then
        stop "the packages could not be fetched: is there a network? Behind a proxy set HTTPS_PROXY; a mirror is set with PIP_INDEX_URL."
    elif grep -qi 'No space left' "$venv/pip.log"; then
        stop "the disk is full: the packages need about 600 MB here."
    elif grep -qi 'DO NOT MATCH THE HASHES' "$venv/pip.log"; then
        stop "a package is not the one that requirements.txt names (its hash differs). Nothing of it was installed."
    fi
    stop "the packages could not be installed (the whole story: $venv/pip.log)."
}
