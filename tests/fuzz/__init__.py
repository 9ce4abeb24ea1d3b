"""Coverage-guided fuzzing (atheris, libFuzzer) of what strangers' bytes reach first: `make fuzz MINUTES=60`.

No part of `make test`: a run is as long as one lets it. Its figures stand in docs/security.md.
"""
