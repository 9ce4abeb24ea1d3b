"""The fault drill: every fault at once, and what became of each picture. `make chaos`, `make chaos-all`.

    python -m chaos [--stack embedded] [--documents 1000] [--seconds 300] [--seed 1] [--json]

A fifth of the pictures come from web processes that are killed between commit and bell. Exit status 0 where nothing
was lost, duplicated or stuck, no more than 1.25 calls a document were billed, and nothing waited 60 s after the last
fault.
"""

import argparse
import json
import os
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
    ReaderProcess,
    Services,
    clean_environment,
    faked_clock,
    services,
)
from chaos.report import Outcome
from tests.stack import ROOT

LONGEST_DRAIN = 300.0
# The share of the time in which pictures arrive: the rest of the faults meets what then still waits.
ARRIVALS = 0.9
DEATHS = 0.2
# When nothing else fails any more, the reader does for so much longer.
READER_ALONE = 0.2


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
    product = Product(folder, **standing.environment, OCR_REQUESTS_PER_SECOND="1000", LOG_LEVEL="WARNING")
    product.prepare()
    os.environ |= product.environment
    reader = ReaderProcess(folder / "reader.keys", options.seed)
    product.environment |= {"OCR_LOCAL_ENDPOINT": reader.address} | faked_clock(folder)
    try:
        product.start()
        return _faults_and_after(options, product, standing, reader)
    finally:
        product.stop()
        reader.stop()


def _faults_and_after(
    options: argparse.Namespace, product: Product, standing: Services, reader: ReaderProcess
) -> Outcome:
    from chaos import ledger  # under the environment of this drill

    deaths = round(options.documents * DEATHS)
    customers = Customers(product.url)
    schedule = Schedule(
        product, standing, seconds=options.seconds, seed=options.seed, heard_since=ledger.worker_heard_since
    )
    dying = [sys.executable, "-m", "chaos.mortal", str(deaths), str(options.seconds * ARRIVALS)]
    mortal = Deaths(product, dying, folder=ROOT)
    arriving = (customers, options.documents - deaths, options.seconds * ARRIVALS)
    arrivals = threading.Thread(target=_arrive, args=arriving)
    arrivals.start()
    schedule.run()
    arrivals.join()
    committed = mortal.finish()
    time.sleep(options.seconds * READER_ALONE)  # whatever waits now meets a reader that still fails
    reader.calm()
    began, still = time.monotonic(), ledger.waiting()
    customers.finish()
    ledger.drained(within=LONGEST_DRAIN)
    drained = time.monotonic() - began
    return Outcome(
        stack=options.stack,
        account=ledger.account(customers.acknowledged | set(committed)),
        by_hand=ledger.why_by_hand(),
        calls=reader.counts(),
        faults=dict(schedule.counts) | {"web killed between commit and bell": len(committed)},
        errors=schedule.errors,
        gave_up=customers.gave_up,
        waiting=still,
        drained=drained,
        audit="unbroken" in product.manage("verify_audit", check=False),
    )


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
