"""Other readers on the same cards: Tesseract's Korean model and RapidOCR with the models it comes with.

Neither knows a card: they are given the card flattened by its true corners, upright, and the lines they read are made
into fields by a few plain rules, the same for both. RapidOCR runs as a child in an environment of its own, made by
`deploy/setup-bench.sh`.
"""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2

from bench import meter
from ocr_integration.engine.arrays import Image

RAPID_PYTHON = Path(sys.executable).parent.parent / "peers" / "bin" / "python"
NUMBER = re.compile(r"(\d{6})\s*[-–—~.]?\s*(\d{7})")
DATE = re.compile(r"((?:19|20)\d\d)[.,· ]+(\d{1,2})[.,· ]+(\d{1,2})")
HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True, slots=True)
class Text:
    """One line as a peer read it, and where: left, top, right, bottom."""

    text: str
    box: tuple[float, float, float, float]

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


class Peer(Protocol):
    """Reads the lines of a flattened card; gives them with the processor seconds it took."""

    name: str

    def lines(self, card: Image) -> tuple[list[Text], float]: ...


class Tesseract:
    """`tesseract -l kor`, Debian's model, a page with columns."""

    name = "Tesseract (kor)"

    def lines(self, card: Image) -> tuple[list[Text], float]:
        png = cv2.imencode(".png", card)[1].tobytes()
        before = meter.own_cpu()
        command = ["tesseract", "-", "-", "-l", "kor", "--psm", "4", "tsv"]
        out = subprocess.run(
            command, input=png, capture_output=True, check=True, env={"OMP_THREAD_LIMIT": "1"}
        )
        cpu = meter.own_cpu() - before
        rows = csv.DictReader(out.stdout.decode().splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        words: dict[tuple[str, str, str], list[Text]] = {}
        for row in rows:
            if row["level"] == "5" and row["text"].strip():
                left, top, wide, tall = (float(row[key]) for key in ("left", "top", "width", "height"))
                place = (row["block_num"], row["par_num"], row["line_num"])
                words.setdefault(place, []).append(Text(row["text"], (left, top, left + wide, top + tall)))
        return [_one(line) for line in words.values()], cpu


class Rapid:
    """RapidOCR 3.10 with its default models, one thread."""

    name = "RapidOCR 3.10 (default models)"

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [RAPID_PYTHON, Path(__file__).with_name("rapid.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def lines(self, card: Image) -> tuple[list[Text], float]:
        assert self._child.stdin
        assert self._child.stdout
        png = cv2.imencode(".png", card)[1].tobytes()
        self._child.stdin.write(len(png).to_bytes(4, "big") + png)
        self._child.stdin.flush()
        answer = json.loads(self._child.stdout.readline())
        return [Text(text, tuple(box)) for text, box in answer["lines"]], answer["cpu"]


def _one(words: Sequence[Text]) -> Text:
    lefts, tops, rights, bottoms = zip(*(word.box for word in words), strict=True)
    return Text(" ".join(word.text for word in words), (min(lefts), min(tops), max(rights), max(bottoms)))


def fields(lines: Sequence[Text]) -> dict[str, str]:
    """The four printed fields, as well as plain rules can tell them."""
    found = {"ID": "", "Name": "", "Address": "", "DateOfIssue": ""}
    number = next(((line, match) for line in lines if (match := NUMBER.search(line.text))), None)
    if number is None:
        return found
    anchor, match = number
    found["ID"] = f"{match[1]}-{match[2]}"
    above = [line for line in lines if line.middle < anchor.box[1] and HANGUL.search(line.text)]
    if above:
        found["Name"] = _name(max(above, key=lambda line: line.middle).text)
    below = sorted(
        (line for line in lines if line.middle > anchor.box[3]), key=lambda line: (line.middle, line.box[0])
    )
    address = []
    for line in below:
        if date := DATE.search(line.text):
            found["DateOfIssue"] = f"{int(date[3]):02}/{int(date[2]):02}/{date[1]}"
            break
        if line.box[0] < anchor.box[2]:
            address.append(line.text)
    found["Address"] = " ".join(address)
    return found


def _name(text: str) -> str:
    hangul, _, within = re.sub(r"\s", "", text).replace("（", "(").partition("(")
    within = within.strip(")）")
    return f"{hangul} ({within})" if within else hangul
