"""The specification in docs/ is the code's own, version 3.1, and names nothing that the strict policy would refuse."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

MADE_BY = "manage.py export_openapi_schema --api kyc.api.v1.api --indent 1 --output docs/openapi.json"
KEPT = Path(__file__).parent.parent.parent / "docs" / "openapi.json"


def test_the_kept_specification_is_current() -> None:
    printed = io.StringIO()
    call_command("export_openapi_schema", api="kyc.api.v1.api", stdout=printed)
    assert json.loads(KEPT.read_text()) == json.loads(printed.getvalue()), MADE_BY
    assert json.loads(KEPT.read_text())["openapi"].startswith("3.1")


@pytest.mark.django_db
def test_it_is_served_and_no_page_is_loaded_from_elsewhere() -> None:
    assert Client().get("/api/v1/openapi.json").json()["info"]["title"] == "Sinwon"
    assert Client().get("/api/v1/docs").status_code == 404
