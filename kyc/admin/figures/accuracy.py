"""How often each reader was right, with intervals, and what a threshold of confidence would have meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kyc import wording, wording_figures, wording_review
from kyc.admin import columns
from kyc.admin.figures import period, plots
from kyc.admin.figures.page import asked, may
from kyc.admin.figures.shape import Line
from kyc.domain.facts import Field
from kyc.domain.measures import Measure, Share, Source
from kyc.domain.thresholds import Step, Threshold, thresholds
from kyc.selectors import figures
from kyc.selectors.figures import Told
from kyc.selectors.tally import UNSURE, Figure


@dataclass(frozen=True, slots=True)
class Row:
    """One threshold, in words."""

    at: str
    reviewed: int
    reviewed_share: str
    passed: int
    faulty: int
    faulty_share: str
    interval: str
    errors: int


class Accuracy:
    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def show(self, request: HttpRequest) -> HttpResponse:
        may(request)
        days, refusal = period.asked(request)
        told = figures.told(days)
        shown: dict[str, Any] = {
            "title": _("Accuracy"),
            "sources": [_source(told, source) for source in Source],
            "readers": [_reader(told, name) for name in _readers(told)],
            "people": _people(told),
            "differences": [_difference(check) for check in figures.blind_differences()],
            "percent_blind": settings.BLIND_CHECK_PERCENT,
            **asked(days, refusal, told),
        }
        context = self.site.each_context(request) | shown
        return TemplateResponse(request, "admin/figures/accuracy.html", context)


def _source(told: Told, source: Source) -> dict[str, Any]:
    judged = figures.accuracy(told, source)
    lines = [
        Line(str(wording.FIELDS[name]), share, group=wording_review.reader(reader))
        for reader in sorted(judged)
        for name in Field
        if (share := judged[reader].get(name.value))
    ]
    return {"code": source.value, "words": wording_figures.SOURCES[source], "lines": lines}


def _people(told: Told) -> list[Line]:
    """How often two people, one of them blind, settled on the same."""
    found = []
    for name in Field:
        same, differ = (told.count(Measure.BLIND, f"{word}:{name}") for word in ("same", "differ"))
        if same + differ:
            found.append(Line(str(wording.FIELDS[name]), Share(same, same + differ)))
    return found


def _readers(told: Told) -> list[str]:
    return sorted({key.split(":")[1] for key in told.of(Measure.SURE)})


def _reader(told: Told, reader: str) -> dict[str, Any]:
    steps, unsure = _steps(told.of(Measure.SURE), reader)
    words = wording_review.reader(reader)
    if not steps:
        return {"words": words, "silent": True}
    found = thresholds(steps, unsure)
    return {
        "words": words,
        "silent": False,
        "rows": [_row(each) for each in found],
        "plot": _plot(words, found),
    }


def _steps(counted: Mapping[str, Figure], reader: str) -> tuple[dict[float, Step], Step]:
    steps: dict[float, Step] = {}
    unsure = Step()
    for key, figure in counted.items():
        source, of, bound, verdict = key.split(":")
        if of != reader or source != Source.REVIEW:
            continue
        step = unsure if bound == UNSURE else steps.setdefault(float(bound), Step())
        if verdict == "clean":
            step.clean += figure.count
        else:
            step.faulty += figure.count
            step.errors += int(figure.total)
    return steps, unsure


def _row(found: Threshold) -> Row:
    return Row(
        at=f"{found.at:g}",
        reviewed=found.reviewed.part,
        reviewed_share=wording_figures.percent(found.reviewed),
        passed=found.reviewed.whole - found.reviewed.part,
        faulty=found.faulty.part,
        faulty_share=wording_figures.percent(found.faulty),
        interval=wording_figures.interval(found.faulty),
        errors=found.errors,
    )


def _plot(words: str, found: list[Threshold]) -> SafeString:
    title = _("What a threshold would have meant: %(reader)s") % {"reader": words}
    series = [
        plots.Series(
            _("cases that officers would have seen"), "look", [t.reviewed.value or 0 for t in found]
        ),
        plots.Series(
            _("of the cases passed, those with an error"), "alarm", [t.faulty.value or 0 for t in found]
        ),
    ]
    return plots.shares(title, [f"{each.at:g}" for each in found], series)


def _difference(check: Any) -> dict[str, Any]:
    return {
        "case": columns.case_link(check.case_id),
        "at": columns.moment(check.done_at),
        "fields": ", ".join(str(wording.FIELDS[Field(name)]) for name in check.differs),
    }
