"""Addresses: their parts, old and new, and what is left alone."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc.domain import places
from kyc.domain.addresses import Address, AddressError, parse
from kyc.domain.errors import Fault
from tests.domain.strategies import ANYTHING

OFFICIAL = "서울특별시 종로구은천로 93.1203동 1204호(봉천동, 진달래아파트101동 2301호)"

EXAMPLES = [
    Address(
        OFFICIAL,
        "서울특별시", "종로구", "", "은천로", "93", "1203동 1204호", "봉천동", "진달래아파트101동 2301호",
    ),
    Address(
        "경기도 고양시 덕양구 은빛로 12-3, 101동 202호 (화정동)",
        "경기도", "고양시 덕양구", "", "은빛로", "12-3", "101동 202호", "화정동",
    ),
    Address("경기도 수원시영통구광교로 107번길 11", "경기도", "수원시 영통구", "", "광교로 107번길", "11"),
    Address("충청북도 음성군 맹동면 대금로 123", "충청북도", "음성군", "맹동면", "대금로", "123"),
    Address("세종특별자치시 한누리대로 2130", "세종특별자치시", "", "", "한누리대로", "2130"),
    Address("서울특별시 중구 세종대로 지하 2", "서울특별시", "중구", "", "세종대로", "지하 2"),
    Address("강원특별자치도 강릉시 가작로113번길 4", "강원특별자치도", "강릉시", "", "가작로113번길", "4"),
    Address("전남광주통합특별시 북구 용봉로 77", "전남광주통합특별시", "북구", "", "용봉로", "77"),
    Address("경기도 화성시 동탄구 동탄대로 12", "경기도", "화성시 동탄구", "", "동탄대로", "12"),
    Address("경상남도 창원시 의창구 3·15대로 12", "경상남도", "창원시 의창구", "", "3·15대로", "12"),
    Address("충청남도 보령시 대천자전거길좌안 59", "충청남도", "보령시", "", "대천자전거길좌안", "59"),
    Address("서울 은평구 은평로 1", "서울", "은평구", "", "은평로", "1"),
]  # fmt: skip

LOTS = [
    Address(
        "서울특별시 관악구 봉천동 123-45 진달래아파트 101호",
        "서울특별시", "관악구", "", "", "123-45", "진달래아파트 101호", "봉천동",
    ),
    Address(
        "강원도 강릉시 사천면 방동리 산 12-3번지",
        "강원도", "강릉시", "사천면", "", "산 12-3", "", "방동리",
    ),
    Address("서울특별시 종로구 종로1가 24번지", "서울특별시", "종로구", "", "", "24", "", "종로1가"),
]  # fmt: skip


@given(ANYTHING)
def test_no_string_makes_the_parser_raise_anything_but_its_own_error(text: str) -> None:
    try:
        address = parse(text)
    except AddressError:
        return
    assert parse(str(address)) == address


@pytest.mark.parametrize("address", EXAMPLES, ids=lambda address: address.region)
def test_a_road_address_comes_apart(address: Address) -> None:
    assert parse(address.text) == address
    assert not address.by_lot
    assert address.missing == ()


@pytest.mark.parametrize("address", LOTS, ids=lambda address: address.region)
def test_a_lot_number_address_comes_apart(address: Address) -> None:
    assert parse(address.text) == address
    assert address.by_lot
    assert address.missing == ()


def test_the_text_is_kept_as_read() -> None:
    assert str(parse(OFFICIAL)) == OFFICIAL
    assert str(parse("  서울특별시\n종로구  은천로 ９３（봉천동）")) == "서울특별시 종로구 은천로 93(봉천동)"
    assert str(parse(unicodedata.normalize("NFD", OFFICIAL))) == OFFICIAL


def test_an_unknown_place_stays_as_read_and_still_comes_apart() -> None:
    address = parse("한울특별자치도 새누리시 맑은구 하늬면 물빛로 12-3")
    assert (address.region, address.district, address.town) == ("한울특별자치도", "새누리시 맑은구", "하늬면")
    assert (address.road, address.number) == ("물빛로", "12-3")


def test_a_misread_district_is_not_pulled_to_a_known_one() -> None:
    assert parse("서울특별시 종로쿠 은천로 93").district == ""
    assert parse("서울특별시 총로구 은천로 93").district == "총로구"


@pytest.mark.parametrize(
    ("region", "district"),
    [(region, name) for region in sorted(places.KNOWN) for name in sorted(places.KNOWN[region])],
)
def test_every_known_district_is_found_spaced_and_glued(region: str, district: str) -> None:
    address = parse(f"{region} {district} 은천로 93")
    glued = parse(f"{region} {district.replace(' ', '')}은천로 93")
    assert (address.region, address.district, address.road, address.number) == (
        region,
        district,
        "은천로",
        "93",
    )
    assert (glued.district, glued.road, glued.number) == (district, "은천로", "93")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.EMPTY),
        ("12-3", Fault.NO_HANGUL),
        ("서울" * 150, Fault.TOO_LONG),
        ("서울\x07", Fault.CHARACTERS),
    ],
)
def test_a_refusal_says_why(text: str, fault: Fault) -> None:
    with pytest.raises(AddressError) as refused:
        parse(text)
    assert refused.value.fault is fault


def test_what_could_not_be_found_is_named() -> None:
    assert parse("홍길동").missing == ("region", "district", "road", "number")
    assert parse("서울특별시 종로구").missing == ("road", "number")
    assert parse("서울특별시 종로구 은천로").missing == ("number",)


def test_a_repr_shows_no_address() -> None:
    assert "은천로" not in repr(parse(OFFICIAL))


def test_a_region_has_its_new_name_from_the_day_of_its_change() -> None:
    assert places.successor("강원도", "강릉시", date(2023, 6, 10)) is None
    change = places.successor("강원도", "강릉시", date(2023, 6, 11))
    assert change is not None
    assert change.new == "강원특별자치도"


def test_the_change_of_a_district_says_more_than_that_of_its_region() -> None:
    change = places.successor("제주도", "북제주군", date(2026, 1, 1))
    assert change is not None
    assert change.new == "제주특별자치도 제주시"


def test_a_name_is_newer_than_the_cards_before_it() -> None:
    assert places.newer_than("인천광역시", "미추홀구", date(2018, 6, 30)) is not None
    assert places.newer_than("인천광역시", "미추홀구", date(2018, 7, 1)) is None
    assert places.newer_than("경상남도", "창원시", date(2000, 1, 1)) is None


@given(st.sampled_from(sorted(places.KNOWN)), st.text(max_size=8), st.dates())
def test_asking_for_any_place_on_any_day_never_raises(region: str, district: str, day: date) -> None:
    for change in (places.successor(region, district, day), places.newer_than(region, district, day)):
        assert change is None or change.since
