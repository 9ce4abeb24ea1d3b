"""What came of reading one drawn card: which parts were right, how sure the reader was, what it cost."""

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from ocr_integration.engine import CardRead

FIELDS = ("ID", "Name", "Sex", "Birthday", "Address", "DateOfIssue")
PRINTED = ("ID", "Name", "Address", "DateOfIssue")
MEASURED = (*FIELDS, "hangul", "hanja", "whole", "corners", "portrait")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One card read by one reader: what was right (None where it does not apply), confidences, CPU seconds."""

    reader: str
    seed: int
    level: str
    right: dict[str, bool | None]
    confidence: dict[str, float]
    cpu: float
    reason: str


def plain(field: str, text: str) -> str:
    """A field as it is compared: in an address spaces, commas and full stops do not count."""
    return re.sub(r"[\s,.]", "", text) if field == "Address" else text


def of_fields(read: dict[str, str], truth: dict[str, Any]) -> dict[str, bool | None]:
    """Which of the fields were read exactly; only those that `read` holds."""
    right: dict[str, bool | None] = {
        key: plain(key, text) == plain(key, truth[key]) for key, text in read.items()
    }
    name, printed = (text.partition(" (") for text in (read["Name"], truth["Name"]))
    right["hangul"] = name[0] == printed[0]
    right["hanja"] = name[2] == printed[2] if printed[2] else None
    right["whole"] = all(right[key] for key in read)
    return right


def of_card(card: CardRead, truth: dict[str, Any]) -> dict[str, bool | None]:
    """Which parts of a card that our engine read are right, its outline and portrait too."""
    right = of_fields({key: card.fields[key].text for key in FIELDS}, truth)
    corners = np.array(truth["corners"])
    slip = np.abs(np.array(card.geometry.corners) - corners).max()
    right["corners"] = card.geometry.located and bool(slip < 0.01 * np.linalg.norm(corners[1] - corners[0]))
    right["portrait"] = _boxed(card, truth["photo_box_on_card"])
    return right


def _boxed(card: CardRead, box: list[int]) -> bool:
    """Whether the portrait's box is within 3 % at each edge."""
    if card.photo_box is None:
        return False
    found = np.array(card.photo_box) * [1012, 638]
    size = np.array([box[2] - box[0], box[3] - box[1]] * 2)
    return bool((np.abs(np.array([*found.min(0), *found.max(0)]) - box) < 0.03 * size).all())


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return middle - reach, middle + reach
