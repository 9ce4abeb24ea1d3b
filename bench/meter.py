"""Clocks: wall, processor time of this process with its children, processor time and memory of others."""

import os
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kyc.imaging.decoders import SERVER

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds."""

    wall: float
    cpu: float


def own_cpu() -> float:
    """Processor seconds of this process, of the children that it waited for, and of those that decode its pictures."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    decoders = sum(_seconds(pid, 11, 15) for pid in _children(os.getpid()) if _decodes(pid))
    return time.process_time() + children.ru_utime + children.ru_stime + decoders


def cost(call: Callable[[], object]) -> Cost:
    wall, cpu = time.perf_counter(), own_cpu()
    call()
    return Cost(time.perf_counter() - wall, own_cpu() - cpu)


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(c.wall for c in costs), statistics.median(c.cpu for c in costs))


def cpu_of(pids: Sequence[int]) -> float:
    """Processor seconds of running processes."""
    return sum(_seconds(pid, 11, 13) for pid in pids)


def _seconds(pid: int, first: int, end: int) -> float:
    """Of proc(5)'s times: 11 and 12 are the process's, 13 and 14 those of the children that it waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[first:end])) / TICK


def _decodes(pid: int) -> bool:
    return SERVER[-1].encode() in Path(f"/proc/{pid}/cmdline").read_bytes()


def megabytes(pid: int) -> float:
    """Resident memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    return [pid, *(found for child in _children(pid) for found in family(child))]


def _children(pid: int) -> list[int]:
    """Those of all its threads."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for told in lists for child in told.read_text().split()]
