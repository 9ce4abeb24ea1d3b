"""What a document costs: from the picture that was sent to a case that an officer may open, beside a bare SDK call."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench import meter, scratch
from bench.meter import Cost
from bench.parts import Bare
from kyc import tasks
from kyc.domain.lifecycle import State
from kyc.models import Case, Document, ReadingJob
from kyc.services import intake, recognition

WARM = 10
_numbers = itertools.count()
unheard: list[tuple[str, int]] = []  # last error and attempts of jobs that had to be rung for again


def picture(card: str) -> bytes:
    """The card with bytes of its own behind its end: each is another file to intake, and the same to a reader."""
    return (scratch.CARDS / card).read_bytes() + b"%08d" % next(_numbers)


def submitted(card: str) -> Document:
    return intake.submit_document(case=intake.open_case(), upload=picture(card))


def read(document: Document) -> None:
    recognition.read(document_id=document.id)


@dataclass(frozen=True, slots=True)
class Way:
    """Median seconds of each part of the way, and of the whole beside a bare call (`reader`: its process's CPU)."""

    card: str
    bare: Cost
    intake: Cost
    reading: Cost
    whole: Cost
    celery: Cost
    reader_bare: float
    reader_ours: float


def way(card: str, bare: Bare, reader_pid: int, times: int) -> Way:
    """Bare call, our call in this process, our call through the worker: in turns, so that all see the same load."""
    alone: list[Cost] = []
    taken, answered, whole, rung = list(alone), list(alone), list(alone), list(alone)
    reader_bare = reader_ours = 0.0
    for turn in range(times + 2):
        data, case = picture(card), intake.open_case()
        before = meter.cpu_of([reader_pid])
        single = meter.cost(lambda: bare.call(data))  # noqa: B023 - called at once
        between = meter.cpu_of([reader_pid])
        documents: list[Document] = []
        first = meter.cost(lambda: documents.append(intake.submit_document(case=case, upload=data)))  # noqa: B023
        second = meter.cost(lambda: read(documents[0]))  # noqa: B023
        after = meter.cpu_of([reader_pid])
        assert Case.objects.get(pk=case.pk).status is State.IN_REVIEW
        third = meter.cost(lambda: through_worker(card))
        if turn < 2:  # everything is loaded and connected now
            continue
        reader_bare += (between - before) / times
        reader_ours += (after - between) / times
        alone.append(single)
        taken.append(first)
        answered.append(second)
        whole.append(Cost(first.wall + second.wall, first.cpu + second.cpu))
        rung.append(third)
    return Way(
        card=card,
        bare=meter.median(alone),
        intake=meter.median(taken),
        reading=meter.median(answered),
        whole=meter.median(whole),
        celery=meter.median(rung),
        reader_bare=reader_bare,
        reader_ours=reader_ours,
    )


def through_worker(card: str) -> None:
    """Submits a picture as the page does, and waits until the case may be reviewed."""
    document = submitted(card)
    tasks.enqueue(document)
    _until(lambda: Case.objects.get(pk=document.case_id).status is State.IN_REVIEW, every=0.02)


def _until(done: Callable[[], bool], *, every: float) -> None:
    """Waits, and looks for bells that nobody heard every five seconds, as beat would; `unheard` counts them."""
    began = time.monotonic()
    swept = began
    while not done():
        assert time.monotonic() < began + 180, "not read in time"
        if time.monotonic() > swept + 5:
            swept = time.monotonic()
            for document_id in recognition.due_documents():
                errors = ReadingJob.objects.filter(document=document_id).values_list("last_error", "attempts")
                unheard.extend(errors)
                tasks.ring(document_id)
        time.sleep(every)


@dataclass(frozen=True, slots=True)
class Throughput:
    """`bare` and `ours`: seconds a document; `intake`: the web's part, its child process included."""

    cases: int
    bare: Cost
    ours: Cost
    intake: Cost


def throughput(card: str, bare: Bare, documents: int) -> Throughput:
    """The worker's part in this process, against a reader that answers at once; bare calls in between."""
    data = picture(card)
    queue: list[Document] = []
    taken = [meter.cost(lambda: queue.append(submitted(card))) for _ in range(documents + WARM)]
    for document in queue[:WARM]:
        bare.call(data, details=True)
        read(document)
    alone, ours = [], []
    for ten in _tens(queue[WARM:]):
        alone.append(meter.cost(_each(lambda _: bare.call(data, details=True), ten)))
        ours.append(meter.cost(_each(read, ten)))
    assert not ReadingJob.objects.filter(document__in=queue, settled_at=None).exists()
    return Throughput(Case.objects.count(), _a_document(alone), _a_document(ours), meter.median(taken))


def worker_throughput(card: str, worker: int, documents: int) -> tuple[Cost, list[float]]:
    """A document's cost in the real worker with one child, and the memory of its processes (MB), before and after."""
    queue = [submitted(card) for _ in range(documents)]
    through_worker(card)
    pids = meter.family(worker)
    memory = [sum(map(meter.megabytes, pids))]
    cpu = meter.cpu_of(pids)
    began = time.perf_counter()
    for document in queue:
        tasks.ring(document.id)
    _until(lambda: not ReadingJob.objects.filter(document__in=queue, settled_at=None).exists(), every=0.1)
    wall = time.perf_counter() - began
    return Cost(wall / documents, (meter.cpu_of(pids) - cpu) / documents), [
        *memory,
        sum(map(meter.megabytes, pids)),
    ]


def _tens(queue: list[Document]) -> Iterator[list[Document]]:
    return (queue[at : at + 10] for at in range(0, len(queue) - 9, 10))


def _each(call: Callable[[Document], object], documents: list[Document]) -> Callable[[], None]:
    def run() -> None:
        for document in documents:
            call(document)

    return run


def _a_document(tens: list[Cost]) -> Cost:
    ten = meter.median(tens)
    return Cost(ten.wall / 10, ten.cpu / 10)
