"""What the product adds to a bare call of the vendor's SDK, and what a full database adds to the product.

    make bench  (python -m bench.pipeline [--cases 1000,100000] [--documents 100] [--times 9] [--out FILE])

Every figure has its reference from the same run beside it. A million cases need 14 GB of disk.
"""

import argparse
import os
from pathlib import Path

from bench import documents, memory, meter, pages, parts, report, rows, scratch
from bench.parts import Bare
from kyc.models import Case

CARDS = ("clean-001.jpg", "photo-001.jpg")
SMALL = "clean-001.jpg"


def main() -> None:
    options = _options()
    found = report.Figures(options.command)
    with parts.reader() as reader:
        scratch.point_at(reader.address)
        bare = Bare(reader.address)
        answer = {"Response": bare.call(documents.picture(SMALL), details=True)["Response"]}
        with parts.worker():
            for card in CARDS:
                found.ways.append(documents.way(card, bare, reader.process.pid, options.times))
                _say(f"the way of {card}")
        found.reader_memory = meter.megabytes(reader.process.pid)
    with parts.instant(answer) as address:
        scratch.point_at(address)
        bare = Bare(address)
        for cases in options.cases:
            rows.fill(cases)
            _say(f"{cases} cases stand")
            _at_size(found, bare, options)
            if cases == options.cases[0]:
                _in_processes(found, options)
            report.write(found, options.out)
    print(options.out.read_text())
    print("rung for again:", documents.unheard)


def _at_size(found: report.Figures, bare: Bare, options: argparse.Namespace) -> None:
    before = meter.megabytes(os.getpid())
    found.throughputs.append(documents.throughput(SMALL, bare, options.documents))
    found.here.append((before, meter.megabytes(os.getpid())))
    found.pages.append(pages.measure(_real_case(), options.times))
    found.bytes.append((scratch.FOLDER / "db.sqlite3").stat().st_size)
    _say("documents and pages")


def _in_processes(found: report.Figures, options: argparse.Namespace) -> None:
    with parts.worker() as pid:
        for _ in range(2):  # the first round fills its caches
            found.worker, memory_of_worker = documents.worker_throughput(SMALL, pid, options.documents)
            found.worker_memory += memory_of_worker
    _say("the real worker")
    with parts.web() as (pid, address):
        found.web_memory = memory.of_web(pid, address, _real_case(), options.documents * 3)
    _say("the real web")


def _real_case() -> Case:
    """One that the services made, so that its pages can be opened."""
    document = documents.submitted(SMALL)
    documents.read(document)
    return Case.objects.get(pk=document.case_id)


def _say(text: str) -> None:
    print(f"{report.now():%H:%M:%S} {text}", flush=True)


def _options() -> argparse.Namespace:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--cases", default="1000,100000", help="sizes of the database, smallest first")
    told.add_argument("--documents", type=int, default=100, help="documents for each throughput")
    told.add_argument("--times", type=int, default=9, help="repetitions of each way and page")
    told.add_argument("--out", type=Path, default=Path("docs/performance.md"))
    options = told.parse_args()
    size = f"--cases {options.cases} --documents {options.documents} --times {options.times}"
    options.command = f"python -m bench.pipeline {size}"
    options.cases = sorted(int(size) for size in options.cases.split(","))
    return options


if __name__ == "__main__":
    main()
