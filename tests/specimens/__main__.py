"""Writes drawn cards and their truth: `python -m tests.specimens OUTDIR`, or the demo's three: `--static`."""

import argparse
import json
import sys
from pathlib import Path

from tests import specimens
from tests.specimens import offered


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
            offered.write(chosen.outdir or offered.STATIC)
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


if __name__ == "__main__":
    sys.exit(main())
