#!/usr/bin/env bash
# The bill of materials of what runs in production: CycloneDX JSON from requirements.txt, hashes and all, validated.
# Takes the file to write (sbom.cdx.json); the same list gives the same file.
set -euo pipefail
cd "$(dirname "$0")/.."

file=${1:-sbom.cdx.json}
.venv/bin/python -m cyclonedx_py requirements --pyproject pyproject.toml --mc-type application \
    --output-reproducible --validate --of JSON -o "$file" requirements.txt
echo "wrote $file"
