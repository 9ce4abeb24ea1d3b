"""The fault drill: every fault at once, and what became of each picture. `make chaos`, `make chaos-all`.

    python -m chaos [--stack embedded] [--documents 1000] [--seconds 300] [--seed 1] [--json]

A fifth of the pictures come from web processes that are killed between commit and bell. Exit status 0 where nothing
was lost, duplicated or stuck, no more than 1.25 calls a document were billed, and nothing waited 60 s after the last
fault.
"""

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

from chaos.customers import Customers, pictures
from chaos.faults import Deaths, Schedule
from chaos.product import (
    EMBEDDED,
    STACKS,
    Product,
    Services,
    clean_environment,
    faked_clock,
    services,
)
from chaos.programs import Ledger, Reader
from chaos.report import ENOUGH_CALLS, Account, Outcome

# Four children, as the unit and the container that ship have. A quota of its own would hide what the faults cost.
SETTINGS = {"WORKER_CONCURRENCY": "4", "OCR_REQUESTS_PER_SECOND": "1000", "LOG_LEVEL": "WARNING"}
LONGEST_DRAIN = 300.0
# Whoever signs the chain is a worker: while they all die its checkpoints are late, and verify_audit says so.
HOWEVER_LATE = ("--max-gap", "0")
# The share of the time in which pictures arrive: the rest of the faults meets what then still waits.
ARRIVALS = 0.9
DEATHS = 0.2
# When nothing else fails any more, the reader does: for so much longer, and on until it was met often enough.
READER_ALONE, LONGEST_ALONE = 0.2, 0.6


def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="sinwon-chaos-"))
    clean_environment()
    try:
        with services(options.stack, folder) as standing:
            outcome = _drill(options, folder, standing)
    finally:
        if options.keep:
            print(f"kept: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(outcome.figures()) if options.json else outcome.text())
    return 0 if outcome.good else 1


def _drill(options: argparse.Namespace, folder: Path, standing: Services) -> Outcome:
    product = Product(folder, **standing.environment, **SETTINGS)
    product.prepare()
    ledger = Ledger(product.environment)
    reader = Reader(folder / "reader.keys", options.seed)
    product.environment |= {"OCR_LOCAL_ENDPOINT": reader.address} | faked_clock(folder)
    try:
        product.start()
        return _faults_and_after(options, product, standing, reader, ledger)
    finally:
        product.stop()
        reader.stop()
        ledger.stop()


def _faults_and_after(
    options: argparse.Namespace, product: Product, standing: Services, reader: Reader, ledger: Ledger
) -> Outcome:
    deaths = round(options.documents * DEATHS)
    customers = Customers(product.url)
    schedule = Schedule(
        product, standing, seconds=options.seconds, seed=options.seed, heard_since=ledger.worker_heard_since
    )
    arriving = (customers, options.documents - deaths, options.seconds * ARRIVALS)
    arrivals = threading.Thread(target=_arrive, args=arriving)
    with Deaths(product, deaths, options.seconds * ARRIVALS) as mortal:
        arrivals.start()
        schedule.run()
        arrivals.join()
        committed = mortal.finish()
    customers.finish()  # on a crowded machine they are served late: the reader fails until all were
    _fail_alone(reader, options)
    reader.calm()
    began, still = time.monotonic(), ledger.waiting()
    _drain(ledger)
    drained = time.monotonic() - began
    return Outcome(
        stack=options.stack,
        account=Account(**ledger.account(customers.acknowledged | set(committed))),
        by_hand=ledger.why_by_hand(),
        calls=reader.counts(),
        faults=dict(schedule.counts) | {"web killed between commit and bell": len(committed)},
        seconds=options.seconds,
        errors=schedule.errors,
        gave_up=customers.gave_up,
        waiting=still,
        drained=drained,
        audit="unbroken" in product.manage("verify_audit", *HOWEVER_LATE, check=False),
    )


def _fail_alone(reader: Reader, options: argparse.Namespace) -> None:
    """Whatever waits meets a reader that still fails."""
    began = time.monotonic()
    time.sleep(options.seconds * READER_ALONE)
    while time.monotonic() - began < options.seconds * LONGEST_ALONE:
        if sum(reader.counts()["failing"].values()) >= ENOUGH_CALLS * options.documents:
            return
        time.sleep(0.5)


def _drain(ledger: Ledger) -> None:
    """Returns when nothing waits any more, or after LONGEST_DRAIN."""
    until = time.monotonic() + LONGEST_DRAIN
    while ledger.waiting() != 0 and time.monotonic() < until:
        time.sleep(0.5)


def _arrive(customers: Customers, count: int, seconds: float) -> None:
    began = time.monotonic()
    for number, picture in zip(range(count), pictures(), strict=False):
        time.sleep(max(0.0, began + seconds * number / count - time.monotonic()))
        customers.arrive(picture)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stack", choices=STACKS, default=EMBEDDED)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=300, help="how long faults are inflicted")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", action="store_true", help="leave the folder with database and logs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
