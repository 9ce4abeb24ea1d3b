"""Names of buildings: those that stand on many, one a line in the file."""

from functools import cache
from pathlib import Path

from ocr_integration.engine.gazetteer import nearest
from ocr_integration.engine.knowledge import likelier
from ocr_integration.engine.text import Strip

FILE = Path(__file__).parent / "data" / "buildings.txt"
ENDINGS = (
    "",
    "아파트",
    *(f"{n}차" for n in range(1, 10)),
    *(f"{n}단지" for n in range(1, 10)),
    "빌라",
    "맨션",
    "타운",
    "오피스텔",
)
MOST_EDITS = 4


@cache
def _names() -> dict[str, str]:
    """Every known name, its spaces taken out, as it is written."""
    known = FILE.read_text(encoding="utf-8").splitlines()
    return {(name + ending).replace(" ", ""): name + ending for name in known for ending in ENDINGS}


def settled(strip: Strip, read: str) -> str | None:
    """The known name that the strip allows in the reading's stead; None to leave it as read."""
    if not read or read in _names():
        return None
    texts = list(_names())
    edits, ends = nearest(read, texts)
    near = [i for i in edits.argsort(kind="stable")[:200] if edits[i] + len(read) - ends[i] <= MOST_EDITS]
    wanted = [(texts[i], int(edits[i] + len(read) - ends[i])) for i in near[:48]]
    wanted = [(text, edit) for text, edit in wanted if edit <= len(text) // 2]
    found = likelier(strip, read, wanted)
    return None if found is None else _names()[found]
