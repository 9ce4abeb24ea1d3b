#!/usr/bin/env bash
# What `make bench-reader` compares the reader with: Tesseract by apt, RapidOCR in an environment of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/lib.sh

deploy/setup-test.sh

if ! command -v tesseract > /dev/null || ! tesseract --list-langs 2> /dev/null | grep -qx kor; then
    line="apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-kor"
    [ "$(id -u)" = 0 ] || line="sudo -n $line"
    say "Installing Tesseract by apt …"
    DEBIAN_FRONTEND=noninteractive $line > "$venv/apt.log" 2>&1 < /dev/null || stop "apt could not install it. By hand: $line"
fi
if ! [ -e "$venv/peers/made" ]; then
    say "Installing RapidOCR into $venv/peers …"
    "$venv_python" -I -m venv "$venv/peers"
    "$venv/peers/bin/pip" install --quiet --disable-pip-version-check rapidocr==3.10.0 onnxruntime
    touch "$venv/peers/made"
fi
