"""Whether the reader grows: resident memory over many cards, drawn beforehand by another process.

python -m bench.longrun --cards 2000
"""

import argparse
import contextlib
import multiprocessing
import os

from bench import meter
from ocr_integration.engine import CardEngine, Unreadable
from tests import specimens

DRAWN = 36
TWELVE_MEGAPIXELS = {"frame": (4000, 3000)}


def draw(number: int) -> bytes:
    """One of the cards: levels in turn, every ninth as a phone of twelve megapixels sends it."""
    level = ("clean", "photo", "hard")[number % 3]
    shot = TWELVE_MEGAPIXELS if number % 9 == 1 else {}
    return specimens.draw(60_000 + number, level, **shot).jpeg()


def main() -> int:
    """Reads and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cards", type=int, default=2000)
    wish = parser.parse_args()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        cards = pool.map(draw, range(DRAWN))
    engine = CardEngine()
    print(f"models loaded: {meter.megabytes(os.getpid()):.0f} MB")
    for count in range(1, wish.cards + 1):
        with contextlib.suppress(Unreadable):
            engine.read(cards[count % DRAWN], photo=True)
        if count in (DRAWN, 4 * DRAWN) or count % 500 == 0:
            print(f"after {count} cards: {meter.megabytes(os.getpid()):.0f} MB", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
