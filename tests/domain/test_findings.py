"""Each rule finds its case, and only it; dirty answers give findings, never an exception."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc.domain.facts import Field, RawFields, parse_facts
from kyc.domain.findings import CODES, Finding, Severity, find
from kyc.domain.rrn import Rrn
from tests.domain.strategies import ANYTHING, numbers

TODAY = date(2026, 11, 23)
RAWS = st.builds(RawFields, *[ANYTHING] * 6)

OFFICIAL_ADDRESS = "서울특별시 종로구은천로 93.1203동 1204호(봉천동, 진달래아파트101동 2301호)"
CLEAN = RawFields(
    name="홍길동 (洪吉童)",
    rrn="820701-2979993",
    sex="女",
    birthday="01/07/1982",
    address="서울특별시 종로구 은천로 93",
    issued="01/03/2015",
)


def found(raw: RawFields, unconstrained: RawFields | None = None) -> dict[str, Finding]:
    return {each.code: each for each in find(raw, parse_facts(raw), TODAY, unconstrained=unconstrained)}


def test_a_clean_card_has_no_findings() -> None:
    assert found(CLEAN) == {}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"name": ""}, {"name.missing"}),
        ({"name": "HONG GILDONG"}, {"name.unreadable"}),
        ({"name": "홍"}, {"name.unusual"}),
        ({"name": "홍길동가나다"}, {"name.unusual"}),
        ({"name": "홍길동 (洪童)"}, {"name.hanja_length"}),
        ({"name": "홍길동 (洪)"}, set()),
        ({"name": "남궁민수 (南宮)"}, set()),
        ({"rrn": ""}, {"rrn.missing"}),
        ({"rrn": "820701-2******"}, {"rrn.masked"}),
        ({"rrn": "820701-29799"}, {"rrn.unreadable"}),
        ({"rrn": "821301-2979993"}, {"rrn.impossible_date"}),
        ({"rrn": "820701-2979994"}, {"rrn.check_digit"}),
        ({"rrn": "820701-6979994"}, {"rrn.foreign"}),
        ({"rrn": "820701-1979995"}, {"rrn.sex"}),
        ({"rrn": "820701-0979999"}, {"rrn.age", "rrn.birthday"}),
        ({"rrn": "820701-4979999"}, {"rrn.future", "rrn.birthday", "issued.too_early"}),
        ({"birthday": "01/07/1988"}, {"rrn.birthday"}),
        ({"birthday": "1982"}, {"birthday.unreadable"}),
        ({"birthday": ""}, set()),
        ({"sex": "男"}, {"rrn.sex"}),
        ({"sex": "?"}, {"sex.unreadable"}),
        ({"sex": ""}, set()),
        ({"address": ""}, {"address.missing"}),
        ({"address": "12-3"}, {"address.unreadable"}),
        ({"address": "서울특별시 종로구"}, {"address.incomplete"}),
        ({"address": "한울특별자치도 새누리시 물빛로 1"}, {"address.unknown_region"}),
        ({"address": "강원도 강릉시 가작로 1"}, {"address.renamed"}),
        ({"address": "강원특별자치도 강릉시 가작로 1"}, {"address.newer_than_card"}),
        ({"issued": ""}, {"issued.missing"}),
        ({"issued": "297802"}, {"issued.unreadable"}),
        ({"issued": "01/01/8207"}, {"issued.future"}),
        ({"issued": "31/12/1998"}, {"issued.before_1999", "issued.too_early"}),
        ({"rrn": "", "birthday": "01/07/2000"}, {"rrn.missing", "issued.too_early"}),
    ],
)
def test_a_rule_finds_its_case_and_no_other_does(changes: dict[str, str], codes: set[str]) -> None:
    seen = set(found(replace(CLEAN, **changes)))
    if "rrn" in changes and changes["rrn"][7:8] in {"0", "1", "4"}:
        seen -= {"rrn.check_digit"}  # these numbers are about their seventh digit
    assert seen == codes


def test_a_holder_under_17_is_found() -> None:
    child = replace(CLEAN, rrn="100701-4979995", birthday="01/07/2010", issued="01/07/2026")
    assert {"rrn.underage", "issued.too_early"} <= set(found(child))


@pytest.mark.parametrize(
    ("issued", "severity"),
    [
        ("04/10/2020", Severity.HIGH),
        ("05/10/2020", Severity.LOW),
        ("", Severity.HIGH),
        ("01/01/8207", Severity.HIGH),
    ],
)
def test_a_failing_check_digit_weighs_by_the_date_of_issue(issued: str, severity: Severity) -> None:
    assert found(replace(CLEAN, rrn="820701-2979994", issued=issued))["rrn.check_digit"].severity is severity


@given(st.sampled_from("5678"), st.text("0123456789", min_size=6, max_size=6))
def test_a_foreign_number_is_never_judged_by_its_check_digit(century: str, rest: str) -> None:
    codes = found(replace(CLEAN, rrn=f"820701-{century}{rest}"))
    assert "rrn.foreign" in codes
    assert "rrn.check_digit" not in codes


def test_the_17th_birthday_is_the_first_day_of_issue() -> None:
    assert "issued.too_early" in found(replace(CLEAN, issued="30/06/1999"))
    assert "issued.too_early" not in found(replace(CLEAN, issued="01/07/1999"))


def test_the_official_answer_gives_facts_and_findings() -> None:
    raw = RawFields("홍길동 (洪吉童)", "820701-2345678", "女", "01/07/1982", OFFICIAL_ADDRESS, "01/01/8207")
    facts = parse_facts(raw)
    assert None not in (facts.name, facts.rrn, facts.sex, facts.birthday, facts.address, facts.issued)
    assert set(found(raw)) == {"rrn.check_digit", "issued.future"}


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (
            RawFields(name="홍길동(离吉)", issued="297802"),
            {"name.hanja_length", "rrn.missing", "address.missing", "issued.unreadable"},
        ),
        (
            RawFields("홍길동 (洪童)", "820701-2345678", "女", "01/07/1988", OFFICIAL_ADDRESS, "01/01/8207"),
            {"name.hanja_length", "rrn.check_digit", "rrn.birthday", "issued.future"},
        ),
        (
            RawFields.of(
                {
                    Field.NAME: "홍길동 （洪吉童）",
                    Field.RRN: "８２０７０１－２３４５６７８",
                    Field.SEX: "여",
                    Field.BIRTHDAY: "1982/07/01",
                    Field.ISSUED: None,
                    Field.ADDRESS: None,
                }
            ),
            {"rrn.check_digit", "address.missing", "issued.missing"},
        ),
    ],
)
def test_dirty_answers_give_findings(raw: RawFields, codes: set[str]) -> None:
    assert set(found(raw)) == codes


def test_what_knowledge_changed_is_shown_and_a_number_only_where() -> None:
    seen = replace(CLEAN, rrn="820701-2979998", address="서울특별시 종로쿠 은천로 93", issued="2015.03.01.")
    changes = find(CLEAN, parse_facts(CLEAN), TODAY, unconstrained=seen)
    assert [(each.code, each.fields, each.severity) for each in changes] == [
        ("reading.knowledge_changed", (Field.RRN,), Severity.HIGH),
        ("reading.knowledge_changed", (Field.ADDRESS,), Severity.LOW),
    ]
    assert changes[0].evidence == {"digits": "13", "read": "820701-2******", "seen": "820701-2******"}
    assert changes[1].evidence["seen"] == "서울특별시 종로쿠 은천로 93"


@pytest.mark.parametrize(
    ("name", "severity"), [("홍길동 (洪吉重)", Severity.INFO), ("홍길종 (洪吉童)", Severity.LOW)]
)
def test_hanja_settled_by_their_syllable_are_no_alarm(name: str, severity: Severity) -> None:
    (change,) = find(CLEAN, parse_facts(CLEAN), TODAY, unconstrained=replace(CLEAN, name=name))
    assert (change.code, change.fields, change.severity) == (
        "reading.knowledge_changed",
        (Field.NAME,),
        severity,
    )


def test_knowledge_that_changed_only_spaces_is_no_finding() -> None:
    seen = replace(CLEAN, address="서울특별시종로구은천로93", name="홍길동（洪吉童）", rrn="8207012979993")
    assert found(CLEAN, seen) == {}


def test_what_is_unknown_to_either_side_is_no_change() -> None:
    assert found(CLEAN, RawFields()) == {}
    assert "reading.knowledge_changed" not in found(RawFields(), CLEAN)


@given(RAWS, st.dates(date(1999, 1, 1), date(2100, 1, 1)), st.none() | RAWS)
def test_no_reading_whatever_raises(raw: RawFields, today: date, unconstrained: RawFields | None) -> None:
    for each in find(raw, parse_facts(raw), today, unconstrained=unconstrained):
        assert each.code in CODES
        assert each.fields
        assert all(isinstance(text, str) for text in each.evidence.values())


@given(numbers(), st.sampled_from([field.value for field in Field]))
def test_no_evidence_holds_a_full_number_wherever_it_was_read(number: Rrn, field: str) -> None:
    raw = replace(CLEAN, **{field: f"{number}"})
    for each in find(raw, parse_facts(raw), TODAY, unconstrained=CLEAN):
        assert number.back not in "".join(each.evidence.values())
        assert number.back not in repr(each)


def test_codes_are_unique_and_in_the_order_of_the_card() -> None:
    assert len(set(CODES)) == len(CODES)
    assert [code for code in CODES if code.endswith(".missing")] == [
        "name.missing",
        "rrn.missing",
        "address.missing",
        "issued.missing",
    ]
