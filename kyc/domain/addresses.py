"""Addresses as a card prints them, by road name or by lot number, of any day since 1999.

    시도 시군구 [구] [읍면] 도로명 건물번호[-부번][, 동·호] (법정동[, 단지명])
    시도 시군구 [구] [읍면] 법정동·리 [산] 번지[-호] [나머지]

The text is kept as read: only widths and repeated spaces are settled. Parts are read off it as far as
they can be; an unknown place is a part like any other, and nothing is pulled to a known one.
"""

import re
from dataclasses import dataclass

from kyc.domain.errors import Fault, UnparsableError
from kyc.domain.places import KNOWN, SHORT_NAMES
from kyc.domain.text import tidy

_LONGEST = 200


class AddressError(UnparsableError):
    """The text is not an address."""


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """`text` is the address; the parts are what could be told apart in it, '' where nothing could."""

    text: str
    region: str = ""  # 서울특별시
    district: str = ""  # 종로구; 고양시 덕양구
    town: str = ""  # 맹동면
    road: str = ""  # 은천로25길; '' for a lot-number address
    number: str = ""  # 93, 93-1, 지하 93; of a lot 산 12-3
    detail: str = ""  # 1203동 1204호
    neighbourhood: str = ""  # 봉천동; of a lot the 동 or 리 it is numbered in
    complex: str = ""  # 진달래아파트

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Address({len(self.text)} characters)"

    @property
    def by_lot(self) -> bool:
        """Whether it is an old lot-number address (지번)."""
        return not self.road and bool(self.neighbourhood and self.number)

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of region, district, road and number could not be found; a lot has a 동 or 리 for a road."""
        parts = {
            "region": self.region,
            "district": self.district or self.region.startswith("세종"),
            "road": self.road or self.by_lot,
            "number": self.number,
        }
        return tuple(name for name, found in parts.items() if not found)


_REGION_SHAPE = re.compile(r"[가-힣]{2,12}(?:특별시|광역시|직할시|특별자치시|특별자치도|도)(?=\s)")
_DISTRICT_SHAPE = re.compile(r"[가-힣]{1,6}[시군구](?=\s)(?:\s[가-힣]{1,6}구(?=\s))?")
_WARD_SHAPE = re.compile(r"[가-힣]{1,6}구(?=\s)")
_TOWN = re.compile(r"[가-힣0-9]{1,8}[읍면](?=\s|$)")
_ROAD = r"(?P<road>[가-힣A-Za-z0-9·.]{1,20}(?:로|길|거리|고개|길좌안)(?:\s?[0-9]{1,4}번?[가-힣]?길)?)"
_BY_ROAD = re.compile(
    rf"(?:(?P<place>[가-힣][가-힣0-9·]{{0,10}}[동리가])\s)?{_ROAD}"
    r"\s?(?P<number>(?:지하\s?)?[0-9]{1,5}(?:-[0-9]{1,5})?)(?![0-9]|가|\s?번?[가-힣]?길)"
)
_ROAD_ALONE = re.compile(rf"{_ROAD}(?=\s|$)")
_BY_LOT = re.compile(
    r"(?P<place>[가-힣][가-힣0-9·]{0,11}[동리가](?:\s[가-힣0-9]{1,8}리)?)"
    r"\s?(?P<number>(?:산\s?)?[0-9]{1,5}(?:-[0-9]{1,5})?)(?:\s?번지)?(?![0-9])"
)
_NEIGHBOURHOOD = re.compile(r"[가-힣0-9·]{1,15}(?:동|리|가|로)")
_HANGUL = re.compile(r"[가-힣]")


def _one_of(names: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(re.escape(name).replace(r"\ ", r"\s?") for name in longest_first) or "(?!)")


_REGIONS = _one_of(frozenset(KNOWN))
_SHORT_REGIONS = re.compile(rf"(?:{_one_of(SHORT_NAMES).pattern})(?=\s)")
_SPELLED = {name.replace(" ", ""): name for names in KNOWN.values() for name in names}
_DISTRICTS = {region: _one_of(districts) for region, districts in KNOWN.items()}


def parse(text: str) -> Address:
    """The address with its parts. Raises `AddressError` for nothing, too much, or no hangul at all."""
    try:
        tidied = tidy(text, longest=_LONGEST)
    except UnparsableError as error:
        raise AddressError(error.fault) from error
    if not _HANGUL.search(tidied):
        raise AddressError(Fault.NO_HANGUL)
    body, bracketed = _split_brackets(tidied)
    region, rest = _take(body, _REGIONS, _SHORT_REGIONS, _REGION_SHAPE)
    district, rest = _district(region, rest)
    town, rest = _take(rest, _TOWN)
    neighbourhood, complex_name = _bracket_parts(bracketed)
    for pattern in (_BY_ROAD, _BY_LOT, _ROAD_ALONE):
        if match := pattern.match(rest):
            parts = match.groupdict()
            return Address(
                text=tidied,
                region=region,
                district=district,
                town=town,
                road=parts.get("road") or "",
                number=parts.get("number") or "",
                detail=rest[match.end() :].strip(" ,."),
                neighbourhood=parts.get("place") or neighbourhood,
                complex=complex_name,
            )
    return Address(tidied, region, district, town, "", "", rest.strip(" ,."), neighbourhood, complex_name)


def _take(text: str, *patterns: re.Pattern[str]) -> tuple[str, str]:
    """What the first fitting pattern takes off the front, and what is left."""
    for pattern in patterns:
        if match := pattern.match(text):
            return match.group(), text[match.end() :].lstrip(" ,")
    return "", text


def _district(region: str, text: str) -> tuple[str, str]:
    """The district off the front, with the ward of a big city. A known one may be glued to what follows."""
    known = _DISTRICTS.get(region)
    district, rest = _take(text, *([known] if known else []), _DISTRICT_SHAPE)
    district = _SPELLED.get(district.replace(" ", ""), district)
    if district.endswith("시"):
        ward, rest = _take(rest, _WARD_SHAPE)
        district = f"{district} {ward}".rstrip()
    return district, rest


def _split_brackets(text: str) -> tuple[str, str]:
    """The text before the first bracket, and what the bracket holds; it need not be closed."""
    before, _, inside = text.partition("(")
    return before.strip(), inside.rpartition(")")[0] or inside.rstrip(")")


def _bracket_parts(inside: str) -> tuple[str, str]:
    first, _, rest = (part.strip() for part in inside.partition(","))
    if _NEIGHBOURHOOD.fullmatch(first):
        return first, rest
    return "", inside.strip()
