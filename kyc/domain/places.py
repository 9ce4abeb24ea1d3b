"""Regions and districts by name, and how their names changed. Knowledge for findings, never for repairs.

The districts are those of Korea Post's list of 2021-11-03 (PyPI package kozip 1.1.4, MIT); the changes
follow the acts that made them. To refresh: add the new names to `_DISTRICTS`, the change to `CHANGES` or
`MERGERS`, and remove nothing, since a card keeps the name of its day. What is not here stays as read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_DISTRICTS = {
    "서울특별시": (
        "강남구 강동구 강북구 강서구 관악구 광진구 구로구 금천구 노원구 도봉구 동대문구 동작구 "
        "마포구 서대문구 서초구 성동구 성북구 송파구 양천구 영등포구 용산구 은평구 종로구 중구 "
        "중랑구"
    ),
    "부산광역시": (
        "강서구 금정구 기장군 남구 동구 동래구 부산진구 북구 사상구 사하구 서구 수영구 연제구 "
        "영도구 중구 해운대구"
    ),
    "대구광역시": "남구 달서구 달성군 동구 북구 서구 수성구 중구",
    "인천광역시": "강화군 계양구 남동구 동구 미추홀구 부평구 서구 연수구 옹진군 중구",
    "광주광역시": "광산구 남구 동구 북구 서구",
    "대전광역시": "대덕구 동구 서구 유성구 중구",
    "울산광역시": "남구 동구 북구 울주군 중구",
    "세종특별자치시": "",
    "경기도": (
        "가평군 고양시(덕양구,일산동구,일산서구) 과천시 광명시 광주시 구리시 군포시 김포시 "
        "남양주시 동두천시 부천시 성남시(분당구,수정구,중원구) "
        "수원시(권선구,영통구,장안구,팔달구) 시흥시 안산시(단원구,상록구) 안성시 "
        "안양시(동안구,만안구) 양주시 양평군 여주시 연천군 오산시 용인시(기흥구,수지구,처인구) "
        "의왕시 의정부시 이천시 파주시 평택시 포천시 하남시 화성시"
    ),
    "강원도": (
        "강릉시 고성군 동해시 삼척시 속초시 양구군 양양군 영월군 원주시 인제군 정선군 철원군 "
        "춘천시 태백시 평창군 홍천군 화천군 횡성군"
    ),
    "충청북도": (
        "괴산군 단양군 보은군 영동군 옥천군 음성군 제천시 증평군 진천군 "
        "청주시(상당구,서원구,청원구,흥덕구) 충주시"
    ),
    "충청남도": (
        "계룡시 공주시 금산군 논산시 당진시 보령시 부여군 서산시 서천군 아산시 예산군 "
        "천안시(동남구,서북구) 청양군 태안군 홍성군"
    ),
    "전라북도": (
        "고창군 군산시 김제시 남원시 무주군 부안군 순창군 완주군 익산시 임실군 장수군 "
        "전주시(덕진구,완산구) 정읍시 진안군"
    ),
    "전라남도": (
        "강진군 고흥군 곡성군 광양시 구례군 나주시 담양군 목포시 무안군 보성군 순천시 신안군 "
        "여수시 영광군 영암군 완도군 장성군 장흥군 진도군 함평군 해남군 화순군"
    ),
    "경상북도": (
        "경산시 경주시 고령군 구미시 군위군 김천시 문경시 봉화군 상주시 성주군 안동시 영덕군 "
        "영양군 영주시 영천시 예천군 울릉군 울진군 의성군 청도군 청송군 칠곡군 포항시(남구,북구)"
    ),
    "경상남도": (
        "거제시 거창군 고성군 김해시 남해군 밀양시 사천시 산청군 양산시 의령군 진주시 창녕군 "
        "창원시(마산합포구,마산회원구,성산구,의창구,진해구) 통영시 하동군 함안군 함양군 합천군"
    ),
    "제주특별자치도": "서귀포시 제주시",
}

SHORT_NAMES = frozenset(
    {"서울시", "부산시", "대구시", "인천시", "광주시", "대전시", "울산시", "세종시"}
    | {"서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종"}
    | {"경기", "강원", "충북", "충남", "전북", "전남", "경북", "경남", "제주"}
)
"""Regions as people write them. A card prints them in full; officers and customers do not always."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of name or border: `old` (region, or region and district) became `new` on `since`.

    Either may be '' : a district that is only new, or one that only ceased.
    """

    old: str
    new: str
    since: date


def _changes(*rows: tuple[str, str, str]) -> tuple[Change, ...]:
    return tuple(Change(old, new, date.fromisoformat(since)) for old, new, since in rows)


CHANGES = _changes(
    ("부산직할시", "부산광역시", "1995-01-01"),
    ("대구직할시", "대구광역시", "1995-01-01"),
    ("인천직할시", "인천광역시", "1995-01-01"),
    ("광주직할시", "광주광역시", "1995-01-01"),
    ("대전직할시", "대전광역시", "1995-01-01"),
    ("경기도 광주군", "경기도 광주시", "2001-03-21"),
    ("경기도 화성군", "경기도 화성시", "2001-03-21"),
    ("", "충청북도 증평군", "2003-08-30"),
    ("", "충청남도 계룡시", "2003-09-19"),
    ("경기도 양주군", "경기도 양주시", "2003-10-19"),
    ("경기도 포천군", "경기도 포천시", "2003-10-19"),
    ("제주도", "제주특별자치도", "2006-07-01"),
    ("충청남도 당진군", "충청남도 당진시", "2012-01-01"),
    ("", "세종특별자치시", "2012-07-01"),
    ("경기도 여주군", "경기도 여주시", "2013-09-23"),
    ("인천광역시 남구", "인천광역시 미추홀구", "2018-07-01"),
    ("강원도", "강원특별자치도", "2023-06-11"),
    ("경상북도 군위군", "대구광역시 군위군", "2023-07-01"),
    ("전라북도", "전북특별자치도", "2024-01-18"),
    ("", "경기도 화성시 만세구", "2026-02-01"),
    ("", "경기도 화성시 효행구", "2026-02-01"),
    ("", "경기도 화성시 병점구", "2026-02-01"),
    ("", "경기도 화성시 동탄구", "2026-02-01"),
    ("광주광역시", "전남광주통합특별시", "2026-07-01"),
    ("전라남도", "전남광주통합특별시", "2026-07-01"),
    ("인천광역시 동구", "인천광역시 제물포구", "2026-07-01"),
    ("", "인천광역시 영종구", "2026-07-01"),
    ("", "인천광역시 검단구", "2026-07-01"),
)
"""Changes that made a name which was not there before."""

MERGERS = _changes(
    ("경기도 고양시 일산구", "경기도 고양시 일산동구, 일산서구", "2005-05-16"),
    ("제주도 북제주군", "제주특별자치도 제주시", "2006-07-01"),
    ("제주도 남제주군", "제주특별자치도 서귀포시", "2006-07-01"),
    ("경상남도 마산시", "경상남도 창원시", "2010-07-01"),
    ("경상남도 진해시", "경상남도 창원시", "2010-07-01"),
    ("충청남도 연기군", "세종특별자치시", "2012-07-01"),
    ("충청북도 청원군", "충청북도 청주시", "2014-07-01"),
    ("인천광역시 중구", "인천광역시 제물포구, 영종구", "2026-07-01"),
)
"""Names that ceased into one that was there already, or into several."""


def _expand(words: str) -> tuple[str, ...]:
    """`고양시(덕양구,일산동구) 과천시` as `고양시`, `고양시 덕양구`, `고양시 일산동구`, `과천시`."""
    names: list[str] = []
    for word in words.split():
        city, _, wards = word.rstrip(")").partition("(")
        names.append(city)
        names.extend(f"{city} {ward}" for ward in wards.split(",") if ward)
    return tuple(names)


def _known() -> dict[str, frozenset[str]]:
    known = {region: set(_expand(words)) for region, words in _DISTRICTS.items()}
    for name in [name for change in CHANGES for name in (change.old, change.new)] + [c.old for c in MERGERS]:
        region, _, district = name.partition(" ")
        if region:
            known.setdefault(region, set()).update({district} - {""})
    for old, new in [(change.old, change.new) for change in CHANGES if change.old in known]:
        known[new] |= known[old]  # a renamed region has the districts of the old one
        known[old] |= set() if known[old] else known[new]
    return {region: frozenset(districts) for region, districts in known.items()}


KNOWN: Mapping[str, frozenset[str]] = _known()
"""Every region known here with its districts (`종로구`, `고양시`, `고양시 덕양구`), of all times together."""


def successor(region: str, district: str, on: date) -> Change | None:
    """The change that gave this place another name by the day `on`; None if it bears it still."""
    names = (f"{region} {district}", region)
    found = [change for change in CHANGES + MERGERS if change.old in names and change.since <= on]
    return min(found, key=lambda change: names.index(change.old), default=None)


def newer_than(region: str, district: str, on: date) -> Change | None:
    """The change that made this name, if it came only after the day `on`."""
    names = (f"{region} {district}", region)
    return next((change for change in CHANGES if change.new in names and change.since > on), None)
