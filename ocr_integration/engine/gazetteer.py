"""The country's districts, roads and towns, held as packed text and unpacked a district at a time.

The file has rows of `region district <tab> road <tab> towns`, sorted, towns divided by commas and a town's
villages written after it (`사천면 방동리`). It is of 2021: both old and new names of regions are known.
"""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ocr_integration.engine.arrays import Classes

FILE = Path(__file__).parent / "data" / "gazetteer.tsv.gz"
RENAMED = {"강원도": "강원특별자치도", "전라북도": "전북특별자치도", "제주특별자치도": "제주도"}
"""Regions by the file's name and the other name on cards of an earlier or later day."""
MOVED = {"경상북도 군위군": "대구광역시 군위군"}
FAR = 99


@dataclass(frozen=True, slots=True)
class District:
    """One district's roads, as printed with and without the town before them, and its towns.

    `villages` gives, for a text of `places`, what may stand in brackets at the end of the address."""

    places: tuple[str, ...]
    villages: dict[str, frozenset[str]]


class Gazetteer:
    """Loads once; some 12 MB."""

    def __init__(self, file: Path = FILE) -> None:
        packed = gzip.decompress(file.read_bytes())
        self._rows: dict[str, bytes] = {}
        start = 0
        while start < len(packed):
            name = packed[start : packed.index(b"\t", start)]
            end = _end_of(packed, start, name)
            self._rows[name.decode().strip()] = packed[start:end]
            start = end
        self.districts = self._names()

    def _names(self) -> dict[str, str]:
        """Every spelling of every district, and the name under which its rows are held."""
        spellings = {name: name for name in self._rows}
        for name in self._rows:
            region, _, rest = name.partition(" ")
            if region in RENAMED:
                spellings[f"{RENAMED[region]} {rest}".strip()] = name
            if name in MOVED:
                spellings[MOVED[name]] = name
        return spellings

    @lru_cache(maxsize=24)  # noqa: B019 - one gazetteer lives as long as the process
    def district(self, spelling: str) -> District:
        """The places of a district, by any of its spellings. Raises KeyError for an unknown one."""
        villages: dict[str, set[str]] = {}
        for row in self._rows[self.districts[spelling]].decode().splitlines():
            _, road, towns = row.split("\t")
            for entry in towns.split(","):
                town, _, village = entry.rpartition(" ")
                villages.setdefault(f"{town} {road}" if town else road, set()).add(village)
                villages.setdefault(entry, set())
        return District(tuple(villages), {place: frozenset(names) for place, names in villages.items()})


def _end_of(packed: bytes, start: int, name: bytes) -> int:
    """Where the rows of one district end."""
    mark = b"\n" + name + b"\t"
    last = packed.rfind(mark, start)
    begin = start if last < 0 else last + 1
    return packed.index(b"\n", begin) + 1


def nearest(text: str, wanted: Sequence[str]) -> tuple[Classes, Classes]:
    """For each wanted text: the fewest edits that turn a beginning of `text` into it, and that beginning's length.

    Spaces must have been taken out of both."""
    most = max(map(len, wanted))
    codes = np.zeros((len(wanted), most), np.int32)
    for row, one in enumerate(wanted):
        codes[row, : len(one)] = [ord(c) for c in one]
    lengths = np.array([len(one) for one in wanted])
    read = np.array([ord(c) for c in text[: most + 3]], np.int32)
    places = np.arange(len(read) + 1)
    table = np.repeat(places[None], len(wanted), axis=0)
    edits, ends = np.full(len(wanted), FAR, np.int64), np.zeros(len(wanted), np.int64)
    for i in range(most):
        swapped = table[:, :-1] + (codes[:, i, None] != read[None])
        table = table + 1
        table[:, 1:] = np.minimum(table[:, 1:], swapped)
        table = np.minimum.accumulate(table - places, axis=1) + places
        done = np.flatnonzero(lengths == i + 1)
        if len(done):
            cost = table[done] * 16 + np.minimum(np.abs(places - (i + 1)), 15)
            ends[done] = cost.argmin(1)
            edits[done] = table[done, ends[done]]
    return edits, ends
