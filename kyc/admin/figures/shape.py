"""From counts to what the page of figures shows: rows with words, shares with intervals, plots."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kyc import wording, wording_figures, wording_findings, wording_review
from kyc.admin.figures import plots
from kyc.domain.facts import Field
from kyc.domain.findings import Severity
from kyc.domain.measures import HOUR_STEPS, Measure, Share, Source
from kyc.domain.provenance import Outcome
from kyc.selectors import figures
from kyc.selectors.figures import Period, Told

KINDS = {Outcome.APPROVE: "good", Outcome.REJECT: "alarm", Outcome.RETAKE: "look"}
LONGEST_DAILY = 92  # beyond this a column a day is too thin: weeks are shown


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its bar: how many, what share of the whole."""

    label: str
    share: Share
    group: str = ""

    @property
    def percent(self) -> str:
        return wording_figures.percent(self.share)

    @property
    def interval(self) -> str:
        return wording_figures.interval(self.share)

    @property
    def bar(self) -> SafeString:
        return plots.bar(self.share.value or 0)

    @property
    def measured(self) -> SafeString:
        """The bar with its interval."""
        low, high = self.share.interval
        return plots.bar(self.share.value or 0, low, high) if self.share.whole else SafeString("")


def parts(counts: Mapping[str, int]) -> list[Line]:
    """Each as a share of them all."""
    whole = sum(counts.values())
    return [Line(label, Share(count, whole)) for label, count in counts.items()]


def decisions(told: Told, period: Period) -> dict[str, Any]:
    """By day, or by week where the period is long; plot and table of the same numbers."""
    days, width = period.days, 1 if len(period.days) <= LONGEST_DAILY else 7
    chunks = [days[at : at + width] for at in range(0, len(days), width)]
    labels = [f"{chunk[0]:%m-%d}" for chunk in chunks]
    counts = {
        outcome: [sum(told.on(day, Measure.DECIDED, outcome) for day in chunk) for chunk in chunks]
        for outcome in Outcome
    }
    series = [
        plots.Series(str(wording_figures.DECIDED[outcome]), KINDS[outcome], counts[outcome])
        for outcome in Outcome
    ]
    arrived = [sum(told.on(day, Measure.ARRIVED, "") for day in chunk) for chunk in chunks]
    title = _("Decisions a day") if width == 1 else _("Decisions a week")
    return {
        "title": title,
        "plot": plots.stacked(title, labels, series),
        "heads": [each.label for each in series],
        "rows": [
            (chunk[0], arrived[place], [counts[outcome][place] for outcome in Outcome])
            for place, chunk in enumerate(chunks)
        ],
        "sums": [told.count(Measure.DECIDED, outcome) for outcome in Outcome],
        "arrived": told.count(Measure.ARRIVED, ""),
    }


def waiting(told: Told) -> dict[str, Any]:
    """From the picture to the decision."""
    steps = told.of(Measure.HOURS)
    counts = {bound: steps[str(bound)].count if str(bound) in steps else 0 for bound in HOUR_STEPS}
    whole, hours = sum(counts.values()), sum(figure.total for figure in steps.values())
    passed, middle = 0, ""
    for bound, count in counts.items():
        passed += count
        if whole and not middle and passed * 2 >= whole:
            middle = wording_figures.hours(bound)
    return {
        "lines": parts({wording_figures.hours(bound): count for bound, count in counts.items()}),
        "mean": f"{hours / whole:.1f}" if whole else "",
        "middle": middle,
    }


def looked(told: Told) -> list[Line]:
    return parts(
        {str(words): told.count(Measure.LOOKED, code) for code, words in wording_figures.LOOKED.items()}
    )


def corrected(told: Told) -> list[Line]:
    """By reader and field: how many of its readings people had to correct."""
    judged = figures.accuracy(told, Source.REVIEW)
    return [
        Line(
            str(wording.FIELDS[name]),
            Share(share.whole - share.part, share.whole),
            group=wording_review.reader(reader),
        )
        for reader in sorted(judged)
        for name in Field
        if (share := judged[reader].get(name.value))
    ]


def compared(told: Told) -> list[Line]:
    """Of the fields that two readers read, on how many they differ."""
    found = []
    for name in Field:
        differ, agree = (told.count(Measure.READERS, f"{word}:{name}") for word in ("differ", "agree"))
        if differ + agree:
            found.append(Line(str(wording.FIELDS[name]), Share(differ, differ + agree)))
    return found


def findings(told: Told) -> list[Line]:
    """The most frequent first."""
    counted = told.of(Measure.FINDING)
    whole = sum(figure.count for figure in counted.values())
    found = []
    for key, figure in sorted(counted.items(), key=lambda item: -item[1].count):
        severity, _colon, code = key.partition(":")
        known = wording_findings.FINDINGS.get(code)
        words = str(known.title) if known else code
        group = str(wording.SEVERITIES[Severity(severity)])
        found.append(Line(words, Share(figure.count, whole), group=group))
    return found
