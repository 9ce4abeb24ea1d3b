"""How long pictures wait for a reader: arrivals by the hour, a quota, and outages, second by second over two days.

    python -m bench.scale [--write]     --write puts the table and the plot into docs/scale.md

The quota is the product's (`ocr_integration.quota.Policy`: its share of the account's rate, the breaker's longest rest
after an outage). Waits are of the second day, in the order of arrival, as the sweeper and the broker serve them.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot
from numpy.typing import NDArray

from ocr_integration.contract import REQUESTS_PER_SECOND
from ocr_integration.quota import Policy

DOCS = Path(__file__).parent.parent / "docs"
MARK = "<!-- figures of bench.scale -->"
DAY = 86_400
mpl.use("Agg")
# Share of a day's customers in each hour: quiet nights, a peak at noon and one in the evening. An assumption.
BY_HOUR = np.array(
    [8, 5, 3, 2, 2, 3, 8, 20, 45, 65, 72, 74, 80, 76, 70, 68, 66, 62, 64, 70, 72, 60, 35, 18], float
)
# Calls a document in the fault drill, hangs and truncated answers included.
CALLS_A_DOCUMENT = 1.15
SEED = 8


@dataclass(frozen=True, slots=True)
class Scenario:
    """`rate`: calls a second that may be made. The outage begins at noon of the second day, when most is going on."""

    name: str
    documents_a_day: int
    rate: float
    outage_hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds; `peak` pictures waited at the worst moment, `drained` hours after the outage nothing old did."""

    p50: float
    p99: float
    most: float
    peak: int
    drained: float


def vendor(accounts: int) -> float:
    return accounts * REQUESTS_PER_SECOND * Policy().share


SCENARIOS = [
    Scenario("one reader core of 2.5 a second", 100_000, 2.5),
    Scenario("one machine, six reader cores", 500_000, 15.0),
    Scenario("one account", 1_000_000, vendor(1)),
    Scenario("two accounts", 1_000_000, vendor(2)),
    Scenario("two accounts, 1 h outage", 1_000_000, vendor(2), 1),
    Scenario("three accounts, 1 h outage", 1_000_000, vendor(3), 1),
    Scenario("two accounts, 6 h outage", 1_000_000, vendor(2), 6),
    Scenario("three accounts, 6 h outage", 1_000_000, vendor(3), 6),
    Scenario("ten accounts, 1 h outage", 5_000_000, vendor(10), 1),
]


def simulate(scenario: Scenario) -> tuple[Waits, NDArray[np.float64]]:
    """The waits, and how many waited in each second of the second day."""
    chance = np.random.default_rng(SEED)
    of_hour = BY_HOUR / BY_HOUR.sum() * scenario.documents_a_day / 3600
    arrivals = chance.poisson(np.tile(np.repeat(of_hour, 3600), 2))
    capacity = np.full(2 * DAY, scenario.rate / CALLS_A_DOCUMENT)
    begins = DAY + 12 * 3600
    ends = begins + int(scenario.outage_hours * 3600)
    if scenario.outage_hours:
        # The breaker looks again after its rest: at the worst a whole rest after the reader is back.
        ends += int(Policy().longest_cool_down)
        capacity[begins:ends] = 0
    came = np.cumsum(arrivals)
    served, done = np.empty(2 * DAY), 0.0
    for second in range(2 * DAY):
        done = min(done + capacity[second], float(came[second]))
        served[second] = done
    waiting = came - served
    numbers = np.arange(int(came[DAY - 1]), int(came[-1]))
    arrived = np.searchsorted(came, numbers, side="right")
    finished = np.searchsorted(served, numbers + 1 - 1e-9, side="left")
    inside = finished < 2 * DAY
    waits = (finished - arrived)[inside]
    late = np.flatnonzero(waiting[ends:] > scenario.rate * 5)
    drained = (late[-1] + 1) / 3600 if len(late) and scenario.outage_hours else 0.0
    told = Waits(
        float(np.percentile(waits, 50)),
        float(np.percentile(waits, 99)),
        float(waits.max()),
        int(waiting[DAY:].max()),
        drained if waiting[-1] < scenario.rate * 5 else float("inf"),
    )
    return told, waiting[DAY:]


def table(told: list[tuple[Scenario, Waits]]) -> str:
    lines = [
        "| documents a day | reader | calls a second | median wait | 99 of 100 wait less than | longest "
        "| most waiting | drained after |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for scenario, waits in told:
        drained = "not that day" if waits.drained == float("inf") else _span(waits.drained * 3600)
        cells = [
            f"{scenario.documents_a_day:,}",
            scenario.name,
            f"{scenario.rate:.1f}",
            _span(waits.p50),
            _span(waits.p99),
            _span(waits.most),
            f"{waits.peak:,}",
            drained if scenario.outage_hours or drained.startswith("not") else "–",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def plot(waiting: list[tuple[Scenario, NDArray[np.float64]]]) -> None:
    figure, axes = pyplot.subplots(figsize=(8, 4))
    for scenario, curve in waiting:
        if scenario.documents_a_day == 1_000_000:
            axes.plot(np.arange(DAY)[::60] / 3600, curve[::60] + 1, label=scenario.name, linewidth=1)
    axes.set(xlabel="hour of the day", ylabel="pictures waiting", yscale="log", xlim=(0, 24))
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(DOCS / "plots" / "scale-queue.svg")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    wish = parser.parse_args()
    run = [(scenario, *simulate(scenario)) for scenario in SCENARIOS]
    told = table([(scenario, waits) for scenario, waits, _ in run])
    print(told)
    if wish.write:
        file = DOCS / "scale.md"
        before, _, rest = file.read_text().partition(MARK)
        _, _, after = rest.partition(MARK)
        file.write_text(f"{before}{MARK}\n{told}\n{MARK}{after}")
        plot([(scenario, curve) for scenario, _, curve in run])


if __name__ == "__main__":
    main()
