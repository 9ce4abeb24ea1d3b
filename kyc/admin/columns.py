"""How rows of the admin's lists are shown: short ids with links, states and findings in words, times as ages."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

from kyc import wording
from kyc.domain.findings import Severity
from kyc.domain.lifecycle import State

NOTHING = "–"


def case_link(case_id: UUID | None) -> str | SafeString:
    """The first eight digits, as officers say it, leading to the case."""
    if case_id is None:
        return NOTHING
    try:
        url = reverse("admin:kyc_case_change", args=[case_id])
    except NoReverseMatch:
        return str(case_id)[:8]
    return format_html('<a class="case-id" href="{}">{}</a>', url, str(case_id)[:8])


def state_chip(state: State) -> SafeString:
    return format_html('<span class="chip state-{}">{}</span>', state.value, wording.STATES[state])


def severity_chips(found: Mapping[Severity, int]) -> SafeString:
    """A count for each severity, gravest first; the word stands beside the number, never colour alone."""
    chips = [
        (severity.value, wording.SEVERITIES[severity], found[severity])
        for severity in reversed(Severity)
        if found.get(severity)
    ]
    if not chips:
        return format_html('<span class="quiet">{}</span>', _("none"))
    return format_html_join(" ", '<span class="chip severity-{}">{} {}</span>', chips)


def moment(at: datetime) -> SafeString:
    """Local time to the second, the same in every language."""
    local = timezone.localtime(at)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), f"{local:%Y-%m-%d %H:%M:%S}")


def age(at: datetime) -> SafeString:
    """The largest unit alone: `3 hours`."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), timesince(at, depth=1))


def due(at: datetime | None) -> str | SafeString:
    if at is None:
        return NOTHING
    now = timezone.now()
    if at < now:
        late = _("%(time)s overdue") % {"time": timesince(at, now, depth=1)}
        return format_html('<time class="overdue" datetime="{}">{}</time>', at.isoformat(), late)
    return format_html(
        '<time datetime="{}">{}</time>',
        at.isoformat(),
        _("in %(time)s") % {"time": timeuntil(at, now, depth=1)},
    )
