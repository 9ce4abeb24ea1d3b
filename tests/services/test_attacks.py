"""Attacks that go straight at the database and the picture store, around the product and its triggers."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse

from kyc.domain.roles import Role
from kyc.models import Case, append_only
from kyc.services import custody
from kyc.vault import storage
from kyc.vault.keys import Refused
from tests.officers import factories

pytestmark = pytest.mark.django_db
CARD = (factories.CARDS / factories.CLEAN).read_bytes()


@pytest.fixture(autouse=True)
def _plain_static_files(settings: LazySettings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def officer() -> User:
    return factories.officer(Role.REVIEWER)


def _sql(statement: str, *values: Any) -> None:
    """As somebody who owns the database: the triggers go first."""
    append_only.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _id(row: Any) -> Any:
    return row.pk.hex if connection.vendor == "sqlite" else row.pk


def _page(officer: User, case: Case) -> tuple[int, str]:
    page: Any = factories.browser(officer).get(reverse("admin:kyc_case_change", args=[case.pk]))
    return page.status_code, page.content.decode()


def _picture(officer: User, case: Case) -> Any:
    where = reverse("admin:kyc_case_picture", args=[case.pk, case.documents.get().pk])
    return factories.browser(officer).get(where)


def _swap_values(one: Case, other: Case) -> None:
    """The value of one person in the row of another."""
    row = one.values.filter(field="name", step="normalised").get()
    foreign = other.values.filter(field="name", step="normalised").get()
    _sql("UPDATE kyc_fieldvalue SET sealed = %s WHERE id = %s", bytes(foreign.sealed), _id(row))


def _swap_rows_of_one_case(one: Case, other: Case) -> None:
    row = one.values.filter(field="name", step="normalised").get()
    neighbour = one.values.filter(field="address", step="normalised").get()
    _sql("UPDATE kyc_fieldvalue SET sealed = %s WHERE id = %s", bytes(neighbour.sealed), _id(row))


def _swap_keys(one: Case, other: Case) -> None:
    _sql("UPDATE kyc_case SET sealed_key = %s WHERE id = %s", bytes(other.sealed_key), _id(one))


def _plant_text(one: Case, other: Case) -> None:
    row = one.values.filter(field="name", step="normalised").get()
    _sql("UPDATE kyc_fieldvalue SET sealed = %s WHERE id = %s", "홍길동".encode(), _id(row))


def _cut(one: Case, other: Case) -> None:
    row = one.values.filter(field="name", step="normalised").get()
    _sql("UPDATE kyc_fieldvalue SET sealed = %s WHERE id = %s", bytes(row.sealed)[:-1], _id(row))


def _move_a_row(one: Case, other: Case) -> None:
    """The whole row of another person, moved into this case."""
    row = other.values.filter(field="name", step="normalised").get()
    _sql("UPDATE kyc_fieldvalue SET case_id = %s WHERE id = %s", _id(one), _id(row))


@pytest.mark.parametrize(
    "attack", [_swap_values, _swap_rows_of_one_case, _swap_keys, _plant_text, _cut, _move_a_row]
)
def test_what_was_changed_in_the_database_is_refused_and_shown_to_nobody(
    attack: Callable[[Case, Case], None], officer: User
) -> None:
    one, other = factories.reviewable(), factories.reviewable("clean-005.jpg")
    foreign = custody.open_value(other.key(), other.values.filter(field="name", step="normalised").get())
    attack(one, other)
    status, shown = _page(officer, one)
    assert status == 200
    assert "cannot be opened" in shown
    assert foreign not in shown
    assert "홍길동" not in shown


def _other_picture(path: Path, other: Path) -> None:
    path.write_bytes(other.read_bytes())


def _plain_picture(path: Path, other: Path) -> None:
    path.write_bytes(CARD)


def _cut_picture(path: Path, other: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flipped_picture(path: Path, other: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def _emptied_picture(path: Path, other: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    "attack", [_other_picture, _plain_picture, _cut_picture, _flipped_picture, _emptied_picture]
)
def test_what_was_changed_in_the_store_is_refused_and_shown_to_nobody(
    attack: Callable[[Path, Path], None], officer: User
) -> None:
    one, other = factories.reviewable(), factories.reviewable("clean-005.jpg")
    paths = [Path(storage.pictures().path(case.documents.get().storage_key)) for case in (one, other)]
    attack(*paths)
    answer = _picture(officer, one)
    assert answer.status_code == 410
    assert b"\xff\xd8\xff" not in answer.content
    with pytest.raises(Refused):
        custody.open_picture(one.documents.get())


def test_a_picture_whose_row_was_pointed_at_anothers_file_is_refused(officer: User) -> None:
    one, other = factories.reviewable(), factories.reviewable("clean-005.jpg")
    name = other.documents.get().storage_key
    _sql(
        "UPDATE kyc_document SET storage_key = %s WHERE id = %s", name + ".moved", _id(other.documents.get())
    )
    _sql("UPDATE kyc_document SET storage_key = %s WHERE id = %s", name, _id(one.documents.get()))
    assert _picture(officer, one).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_who_steals_the_database_and_the_store_finds_no_word_of_any_card() -> None:
    """Every byte of both, read as a thief would: the words of the card are nowhere, whatever the encoding."""
    case = factories.reviewable()
    told = factories.TRUTH[factories.CLEAN]
    words = {
        factories.NAME,
        factories.NUMBER,
        factories.NUMBER.replace("-", ""),
        told["Address"],
        told["Name"],
    }
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        stolen = b"".join(path.read_bytes() for path in file.parent.glob(file.name + "*"))
        assert case.pk.hex.encode() in stolen
    else:
        with connection.cursor() as cursor:
            rows = []
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                rows += [row[0] for row in cursor.fetchall()]
        stolen = "\n".join(rows).encode()
        assert str(case.pk).encode() in stolen
    picture = Path(storage.pictures().path(case.documents.get().storage_key)).read_bytes()
    assert b"\xff\xd8\xff" not in picture[:64]
    stolen += picture
    for word in words:
        forms = [word.encode(how) for how in ("utf-8", "utf-16-le", "unicode-escape", "euc-kr")]
        for form in (*forms, word.encode().hex().encode(), base64.b64encode(word.encode())):
            assert form not in stolen, "a word of the card lies open"
