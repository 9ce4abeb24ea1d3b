#!/usr/bin/env bash
# What `make test` needs beside the product: the developers' packages, and the system packages of test-packages.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

deploy/packages.sh --dev

missing=()
while read -r package; do
    case $package in '' | '#'*) continue ;; esac
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
done < deploy/test-packages.txt
if [ ${#missing[@]} = 0 ]; then exit 0; fi

line="apt-get install -y --no-install-recommends ${missing[*]}"
command -v apt-get > /dev/null ||
    stop "the tests need these packages of Debian 12, and this machine has no apt: ${missing[*]}"
if [ "$(id -u)" = 0 ]; then
    sudo=()
elif command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
    sudo=(sudo -n)
else
    stop "the tests need system packages, and this account may not install them. Run this, then again \`make test\`:
  sudo $line"
fi
say "Installing for the tests by apt, about two minutes: ${missing[*]} …"
# RUNLEVEL=1: installed services (a database) are not started; the tests start their own.
install() { "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 $line > "$venv/apt.log" 2>&1 < /dev/null; }
install || { "${sudo[@]}" apt-get update > "$venv/apt-update.log" 2>&1 < /dev/null && install; } || {
    tail -n 15 "$venv/apt.log" >&2
    stop "apt could not install them (the whole story: $venv/apt.log). By hand: $line"
}
say "Installed."
