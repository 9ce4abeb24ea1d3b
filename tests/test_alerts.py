"""The alerts that ship: each has its runbook, and asks for figures that the product tells."""

import re
from pathlib import Path

import pytest

from kyc.services import health, monitoring
from kyc.views import metrics

ROOT = Path(__file__).parent.parent
RULES = (ROOT / "deploy" / "prometheus-alerts.yml").read_text()


def test_each_alert_has_a_runbook() -> None:
    book = (ROOT / "docs" / "operations.md").read_text()
    alerts = re.findall(r"- alert: (\w+)", RULES)
    assert len(alerts) >= 8
    assert [name for name in alerts if f"| {name} |" not in book] == []


@pytest.mark.django_db
def test_alerts_ask_for_figures_that_are_told() -> None:
    health.beat(part="worker")
    monitoring.count(reader="local", code=monitoring.LEASE_EXPIRED)
    told = metrics.text().decode()
    asked = set(re.findall(r"sinwon_\w+", RULES)) - {"sinwon_audit_signed_timestamp_seconds"}
    named = set(re.findall(r"^# TYPE (\w+)", told, re.MULTILINE))
    named |= {f"{name}_count" for name in named}
    assert asked <= named
