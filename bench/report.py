"""The figures of a run as docs/performance.md."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench import plots
from bench.documents import Throughput, Way
from bench.meter import Cost
from bench.pages import PageCost

CELL = "{:.1f}"
GOAL_OVERHEAD, GOAL_DOCUMENTS, GOAL_DOCUMENT_GROWTH, GOAL_PAGE_GROWTH = 1.5, 20, 1.1, 1.5
# Written by bench.endurance, and by hand.
BESIDE = ("performance-memory.md", "performance-memory-repeating.md", "performance-notes.md")
DRAWN = ("queue: needs me now", "queue: all cases", "workbench")
HEAD = """# What it costs

Written by `make bench`; its remarks come from `docs/performance-notes.md`. Each
figure stands beside a reference from the same run: absolute times are this machine's and this hour's, ratios travel.
"""


@dataclass(slots=True)
class Figures:
    command: str
    began: datetime = field(default_factory=lambda: now())
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    ways: list[Way] = field(default_factory=list)
    throughputs: list[Throughput] = field(default_factory=list)
    pages: list[list[PageCost]] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    here: list[tuple[float, float]] = field(default_factory=list)
    worker: Cost = field(default_factory=lambda: Cost(0, 0))
    worker_memory: list[float] = field(default_factory=list)
    web_memory: tuple[float, float] = (0, 0)
    reader_memory: float = 0


def now() -> datetime:
    return datetime.now(UTC)


def write(found: Figures, out: Path) -> None:
    plots.growth(_curves(found))
    parts = [
        HEAD,
        _setting(found),
        _ways(found),
        _throughput(found),
        _growth(found),
        _pages(found),
        _memory(found),
    ]
    parts += [file.read_text() for name in BESIDE if (file := out.with_name(name)).exists()]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(part.rstrip() + "\n" for part in parts))


def _setting(found: Figures) -> str:
    processor = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    return (
        f"Command: `{found.command}`. {found.began:%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores of {processor}, Python "
        f"{platform.python_version()}, SQLite; load average "
        f"{found.load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end."
    )


def _ways(found: Figures) -> str:
    rows = []
    for way in found.ways:
        for name, cost in (
            ("bare `call_json`", way.bare),
            ("intake: clean, seal, store, queue", way.intake),
            ("recognition: lease, read, save", way.reading),
            ("**both, to the case in review**", way.whole),
            ("the same through the real Celery worker", way.celery),
        ):
            ratio = f"{cost.wall / way.bare.wall:.2f}"
            rows.append((way.card, name, _ms(cost.wall), ratio, _ms(cost.cpu)))
        reader = f"reader's processor: {_ms(way.reader_bare)} bare, {_ms(way.reader_ours)} ours"
        rows.append((way.card, reader, "", "", ""))
    goal = f"Goal: from upload to reviewable at most {GOAL_OVERHEAD} × the bare call, the reader's time included."
    table = _table(("card", "part", "wall, ms", "× bare", "processor here, ms"), rows)
    return f"## From upload to reviewable, beside a bare SDK call on the same picture and reader\n\n{goal}\n\n{table}"


def _throughput(found: Figures) -> str:
    rows = []
    first = found.throughputs[0]
    for name, cost in (("bare SDK call", first.bare), ("recognition, in one process", first.ours)):
        rows.append(
            (
                name,
                f"{1 / cost.wall:.0f}",
                f"{1 / cost.cpu:.0f}",
                _ms(cost.cpu),
                f"{cost.cpu / first.bare.cpu:.1f}",
            )
        )
    cost = found.worker
    ratio = f"{cost.cpu / first.bare.cpu:.1f}"
    rows.append(
        (
            "the real Celery worker, one child",
            f"{1 / cost.wall:.0f}",
            f"{1 / cost.cpu:.0f}",
            _ms(cost.cpu),
            ratio,
        )
    )
    intake = f"Intake is the web's part: {_ms(first.intake.cpu)} ms of processor a picture, its child process included."
    goal = f"Goal: at least {GOAL_DOCUMENTS} documents a second on one core. {intake}"
    table = _table(("what", "a second, wall", "a second of processor", "processor, ms", "× bare"), rows)
    return f"## Documents a second against a reader that answers at once\n\n{goal}\n\n{table}"


def _growth(found: Figures) -> str:
    base = found.throughputs[0]
    rows = []
    for size, each in zip(found.bytes, found.throughputs, strict=True):
        relative = (each.ours.cpu / each.bare.cpu) / (base.ours.cpu / base.bare.cpu)
        told = (_ms(each.bare.cpu), _ms(each.ours.cpu), _ms(each.ours.wall), _ms(each.intake.cpu))
        rows.append(
            (
                f"{each.cases:,}",
                f"{size / 1e6:,.0f}",
                *told,
                f"{each.ours.cpu / base.ours.cpu:.2f}",
                f"{relative:.2f}",
            )
        )
    goal = (
        f"Goal: within {GOAL_DOCUMENT_GROWTH} × of the smallest. The cases are synthetic (`bench/rows.py`): rows "
        "and index entries as many as real ones have, sealed with noise; the documents that are measured are real."
    )
    head = (
        "cases",
        "database, MB",
        "bare, CPU ms",
        "recognition, CPU ms",
        "wall ms",
        "intake, CPU ms",
        "× smallest",
        "the same, in bare calls",
    )
    plot = "![Processor time by cases in the database](plots/growth.svg)"
    return f"## A document in a full database\n\n{goal}\n\n{_table(head, rows)}\n\n{plot}"


def _curves(found: Figures) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of a document's parts and of the queue's pages, by cases."""
    sizes = [each.cases for each in found.throughputs]
    curves = {
        "recognition of a document": [(t.cases, t.ours.cpu * 1000) for t in found.throughputs],
        "intake of a document": [(t.cases, t.intake.cpu * 1000) for t in found.throughputs],
        "bare SDK call": [(t.cases, t.bare.cpu * 1000) for t in found.throughputs],
    }
    for same in zip(*found.pages, strict=True):
        if same[0].name in DRAWN:
            curves[same[0].name] = [(size, page.cpu) for size, page in zip(sizes, same, strict=True)]
    return curves


def _pages(found: Figures) -> str:
    return pages([each.cases for each in found.throughputs], found.pages)


def pages(cases: Sequence[int], found: Sequence[Sequence[PageCost]]) -> str:
    """The officers' pages at each number of cases."""
    sizes = [f"{each:,}" for each in cases]
    rows = []
    for same in zip(*found, strict=True):
        cells = [f"{page.cpu:.1f} / {page.wall:.1f}" for page in same]
        queries = ", ".join(str(count) for count in dict.fromkeys(page.queries for page in same))
        rows.append((same[0].name, *cells, f"{same[-1].cpu / same[0].cpu:.2f}", queries))
    head = ("page", *(f"{size} cases" for size in sizes), "× smallest", "queries")
    goal = (
        f"Processor / wall milliseconds, median; goal: the queue within {GOAL_PAGE_GROWTH} × of the smallest."
    )
    return f"## The officers' pages in a full database\n\n{goal}\n\n{_table(head, rows)}"


def _memory(found: Figures) -> str:
    here = [
        f"{after - before:+.0f} at {t.cases:,} cases"
        for (before, after), t in zip(found.here, found.throughputs, strict=True)
    ]
    worker = ", ".join(f"{mb:.0f}" for mb in found.worker_memory)
    rows = [
        ("worker with one child: before, after, before, after a round of documents", worker),
        ("web: warm, and after the requests", ", ".join(f"{mb:.0f}" for mb in found.web_memory)),
        ("growth of one process over its documents, intake and recognition", "; ".join(here)),
        ("reader, its models loaded", f"{found.reader_memory:.0f}"),
    ]
    return f"## Resident memory, MB\n\n{_table(('process', 'MB'), rows)}"


def _ms(seconds: float) -> str:
    return CELL.format(seconds * 1000)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
