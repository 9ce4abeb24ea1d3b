"""Writes drawn cards and their truth: `python -m tests.specimens OUTDIR`, or the demo's three: `--static`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tests import specimens

STATIC = Path(__file__).parents[2] / "static" / "specimens"
MOST_BYTES = 300 * 1024

# The three offered on the start page of the embedded default: 견본 on them, since anybody may copy them.
OFFERED: tuple[dict[str, Any], ...] = (
    {
        "file": "card.jpg",
        "draw": {"seed": 1301, "level": "clean", "generation": "2006"},
        "alt": {
            "en": "Specimen: an invented resident card of the older plastic kind, seen straight from above",
            "ko": "견본: 가상의 인물로 만든 이전 주민등록증을 정면에서 본 모습",
        },
    },
    {
        "file": "card-2020.jpg",
        "draw": {
            "seed": 1302,
            "level": "photo",
            "generation": "2020",
            "scene": "wood",
            "turn": 0,
            "frame": (1600, 1200),
            "fill": 0.74,
            "fingers": False,
        },
        "alt": {
            "en": "Specimen: an invented resident card of the newer kind, photographed on a table",
            "ko": "견본: 가상의 인물로 만든 새 주민등록증을 탁자 위에서 찍은 사진",
        },
    },
    {
        "file": "card-upside-down.jpg",
        "draw": {
            "seed": 1307,
            "level": "photo",
            "generation": "2006",
            "scene": "desk",
            "turn": 180,
            "roll": 13.0,
            "pitch": 11.0,
            "frame": (1600, 1200),
            "fill": 0.7,
            "fingers": False,
        },
        "alt": {
            "en": "Specimen: an invented resident card lying upside down and tilted on a desk",
            "ko": "견본: 가상의 인물로 만든 주민등록증이 책상 위에 거꾸로 비스듬히 놓인 사진",
        },
    },
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.specimens", description=__doc__)
    parser.add_argument("outdir", nargs="?", type=Path, help="where pictures and truth.json are written")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--level", choices=[level.value for level in specimens.Level], default="clean")
    parser.add_argument("--seed", type=int, default=0, help="the first card's seed; the next ones count on")
    parser.add_argument(
        "--held-out", action="store_true", help="only faces kept out of the reader's training"
    )
    parser.add_argument("--static", action="store_true", help="draw the demo's three into static/specimens")
    chosen = parser.parse_args(arguments)
    if not chosen.static and chosen.outdir is None:
        parser.error("OUTDIR is needed, or --static")
    try:
        if chosen.static:
            write_offered(chosen.outdir or STATIC)
        else:
            write_cards(chosen.outdir, chosen.count, chosen.level, chosen.seed, held_out=chosen.held_out)
    except specimens.FontsMissingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def write_cards(outdir: Path, count: int, level: str, seed: int, *, held_out: bool = False) -> None:
    """`level-000.jpg` … and truth.json beside them."""
    outdir.mkdir(parents=True, exist_ok=True)
    truths = []
    for place in range(count):
        specimen = specimens.draw(seed + place, level, held_out=held_out)
        name = f"{level}-{place:03}.jpg"
        (outdir / name).write_bytes(specimen.jpeg())
        truths.append({"file": name, **specimen.truth()})
    (outdir / "truth.json").write_text(
        json.dumps(truths, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def write_offered(outdir: Path) -> None:
    """The demo's pictures and index.json: file, words in place of the picture, what is printed."""
    outdir.mkdir(parents=True, exist_ok=True)
    index = []
    for entry in OFFERED:
        specimen = specimens.draw(**entry["draw"], watermark=True)
        data = next(d for quality in (90, 84, 78, 70) if len(d := specimen.jpeg(quality)) <= MOST_BYTES)
        (outdir / entry["file"]).write_bytes(data)
        truth = {key: value for key, value in specimen.truth().items() if isinstance(value, str)}
        index.append({"file": entry["file"], "alt": entry["alt"], "truth": truth})
    (outdir / "index.json").write_text(
        json.dumps(index, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
