"""The officers' first page says how the readers are doing."""

import time

import pytest

from kyc.domain.roles import Role
from kyc.models import AccountQuota
from tests.officers import factories

pytestmark = pytest.mark.django_db


def test_a_working_reader_is_told_with_its_use_of_the_quota() -> None:
    html = factories.browser(factories.officer(Role.REVIEWER)).get("/admin/").content.decode()
    assert "0 of at most 1200 calls in the last minute" in html
    assert "not called until" not in html


def test_a_reader_that_is_not_called_is_told_with_its_reason() -> None:
    AccountQuota.objects.create(
        reader="local", failures=9, open_until=time.time() + 60, reason="AuthFailure.SecretIdNotFound"
    )
    html = factories.browser(factories.officer(Role.REVIEWER)).get("/admin/").content.decode()
    assert "because of AuthFailure.SecretIdNotFound" in html
