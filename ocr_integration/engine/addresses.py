"""The address: its rows as read, joined, and put right where the gazetteer knows better."""

import re

from ocr_integration.engine import confidence, ctc
from ocr_integration.engine.rows import Line


def read(rows: list[list[Line]]) -> tuple[str, float]:
    """The address in one line and how sure it is."""
    text = " ".join(" ".join(line.text for line in row) for row in rows)
    score = 0.0
    for row in rows:
        for line in row:
            if line.strip is not None:
                score += float(ctc.scores(line.strip, [line.text])[0])
    return spaced(text), confidence.of_address(score)


def spaced(text: str) -> str:
    """With one space between words, one after a comma, none inside brackets' edges."""
    text = re.sub(r"\s*,\s*", ", ", text)
    text = re.sub(r"\(\s+", "(", re.sub(r"\s+\)", ")", text))
    return re.sub(r"\s+", " ", text).strip()
