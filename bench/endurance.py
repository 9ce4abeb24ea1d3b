"""Whether any process grows: the whole product as `make run` starts it, and customers who send pictures.

    python -m bench.endurance [--documents 10000] [--every 500] [--repeating]

Every picture takes the whole way: web, worker and the product's own reader, about 0.6 s of processor a document. Where
that takes too long `--repeating` puts the drill's reader in its place, which looks at each picture but repeats what it
read before: the other parts do all that they do. Writes docs/performance-memory.md (docs/performance.md ends with it; a
repeating run stands beside it) and its plot.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bench import meter, plots
from chaos.customers import Customers, pictures
from chaos.product import Product
from chaos.programs import Reader

OUT, REPEATING = Path("docs/performance-memory.md"), Path("docs/performance-memory-repeating.md")
PARTS = {
    "web": "gunicorn",
    "worker": "config\0worker",
    "beat": "config\0beat",
    "reader": "ocr_integration.server",
}
OPEN = "from kyc.models import Case; print(Case.objects.exclude(state='in_review').count())"
SETTLED_SECONDS = 600.0
Seen = list[tuple[int, dict[str, float]]]


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--documents", type=int, default=10_000)
    told.add_argument("--every", type=int, default=500, help="documents between two looks")
    told.add_argument(
        "--repeating", action="store_true", help="readings are repeated: for the parts but the reader"
    )
    options = told.parse_args()
    began, load = datetime.now(UTC), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="sinwon-bench-") as folder:
        product = Product(
            Path(folder), WORKER_CONCURRENCY="1", LOG_LEVEL="WARNING", OCR_REQUESTS_PER_SECOND="1000"
        )
        reader = _repeating(product) if options.repeating else None
        try:
            product.start()
            for seen in _rounds(product, options.documents, options.every):
                _write(options, began, load, seen)
        finally:
            product.stop()
            if reader is not None:
                reader.stop()
    print(_out(options).read_text())


def _repeating(product: Product) -> Reader:
    product.prepare()
    reader = Reader(product.folder / "reader.keys", seed=1)
    reader.calm()
    product.environment["OCR_LOCAL_ENDPOINT"] = reader.address
    return reader


def _out(options: argparse.Namespace) -> Path:
    return REPEATING if options.repeating else OUT


def _write(options: argparse.Namespace, began: datetime, load: float, seen: Seen) -> None:
    command = f"python -m bench.endurance --documents {options.documents} --every {options.every}"
    command += " --repeating" * options.repeating
    setting = f"{began:%Y-%m-%d %H:%M} to {datetime.now(UTC):%H:%M} UTC, load average {load:.1f} at the start"
    title = "## Memory over many documents" + ", their readings repeated" * options.repeating
    text = _text(title, f"Command: `{command}`, {setting}, {os.getloadavg()[0]:.1f} at the end.", seen)
    if not options.repeating:
        plots.memory({part: [(count, row[part]) for count, row in seen] for part in PARTS})
        text += "\n![Memory over documents](plots/memory.svg)\n"
    _out(options).write_text(text)


def _rounds(product: Product, documents: int, every: int) -> Iterator[Seen]:
    """After each round that is settled: all so far, documents and the megabytes of each part with its children."""
    sent, seen = pictures(), [(0, _megabytes(product))]
    for count in range(every, documents + 1, every):
        customers = Customers(product.url)
        for picture in islice(sent, every):
            customers.arrive(picture)
        customers.finish()
        assert not customers.gave_up, f"{customers.gave_up} customers were not served"
        _settle(product)
        seen.append((count, _megabytes(product)))
        print(f"{datetime.now(UTC):%H:%M:%S} {count} {seen[-1][1]}", flush=True)
        yield seen


def _settle(product: Product) -> None:
    until = time.monotonic() + SETTLED_SECONDS
    while product.ask(OPEN):
        assert time.monotonic() < until, "not read in time"
        time.sleep(2)


def _megabytes(product: Product) -> dict[str, float]:
    families = {
        part: {pid for top in product.pids(word) for pid in meter.family(top)} for part, word in PARTS.items()
    }
    return {part: sum(map(meter.megabytes, pids)) for part, pids in families.items()}


def _text(title: str, setting: str, seen: Seen) -> str:
    parts = [part for part in PARTS if seen[-1][1][part]]  # the drill's reader is none of them
    rows = [f"| {count:,} | {' | '.join(f'{row[part]:.0f}' for part in parts)} |" for count, row in seen]
    head = f"| documents | {' | '.join(parts)} |\n|{' --- |' * (len(parts) + 1)}"
    words = (
        "Resident memory of each part with its children, MB, while customers send pictures through the pages."
    )
    return "\n".join((title, "", words, "", setting, "", head, *rows, ""))


if __name__ == "__main__":
    main()
