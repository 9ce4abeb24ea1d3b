"""How well foreigners' cards are read: `python -m bench.foreigners [--cards 40]`. Drawn in faces never trained on."""

import argparse
import random

import cv2
import numpy as np

from ocr_integration.engine import CardEngine
from ocr_integration.engine.errors import Unreadable
from tests.specimens import foreigner, photo
from tests.specimens.conditions import Level, choose

FIRST_SEED = 500_000


def right(engine: CardEngine, seed: int, level: Level) -> tuple[bool, bool, bool]:
    """Whether number, date of issue and name of one card were read exactly."""
    rng = random.Random(seed)
    front = foreigner.draw(rng, np.random.default_rng(seed), held_out=True)
    picture = front.picture
    if level is not Level.CLEAN:
        picture, _ = photo.take(picture, choose(level, rng), rng, np.random.default_rng([seed, 1]))
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    try:
        said = engine.read(data.tobytes(), photo=False).wire()
    except Unreadable:
        return False, False, False
    holder = front.holder
    issued = f"{holder.issued:%d/%m/%Y}"
    return said["ID"] == holder.number, said["DateOfIssue"] == issued, said["Name"] == holder.name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=40)
    cards = parser.parse_args().cards
    engine = CardEngine()
    print("| pictures | number | date of issue | name |\n|---|---|---|---|")
    for level in (Level.CLEAN, Level.PHOTO):
        counts = np.sum([right(engine, FIRST_SEED + seed, level) for seed in range(cards)], axis=0)
        print(
            f"| {level.value} | " + " | ".join(f"{count} of {cards}" for count in counts) + " |", flush=True
        )


if __name__ == "__main__":
    main()
