"""The three specimens that the start page of the embedded default offers, written into static/specimens."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from tests import specimens
from tests.specimens.people import Holder, check_digit

STATIC = Path(__file__).parents[2] / "static" / "specimens"
MOST_BYTES = 300 * 1024
DESK = (1600, 1200)


def _number(twelve: str) -> str:
    return f"{twelve[:6]}-{twelve[6:]}{check_digit(twelve)}"


SEOYEON = Holder(
    hangul="김서연",
    hanja="金瑞姸",
    rrn=_number("850312298104"),
    female=True,
    birthday=date(1985, 3, 12),
    address=("서울특별시 종로구", "자하문로 117, 103동 904호", "(신교동, 은하수아파트)"),
    issued=date(2011, 6, 20),
    office="서울특별시 종로구청장",
)
JUNHO = Holder(
    hangul="이준호",
    hanja="李俊浩",
    rrn=_number("910725197236"),
    female=False,
    birthday=date(1991, 7, 25),
    address=("부산광역시 해운대구", "달맞이길 208-14, 502호", "(중동)"),
    issued=date(2022, 9, 5),
    office="부산광역시 해운대구청장",
)
JIMIN = Holder(
    hangul="박지민",
    hanja="朴智敏",
    rrn=_number("770903299512"),
    female=True,
    birthday=date(1977, 9, 3),
    address=("전라북도 전주시 완산구", "태조로 86 (풍남동3가)"),
    issued=date(2008, 11, 17),
    office="전라북도 전주시 완산구청장",
)
OFFERED: tuple[dict[str, Any], ...] = (
    {
        "file": "card.jpg",
        "draw": {"seed": 1301, "level": "clean", "generation": "2006", "holder": SEOYEON},
        "alt": {
            "en": "Specimen: an invented resident card of the older plastic kind, seen straight from above",
            "ko": "견본: 가상의 인물로 만든 이전 주민등록증을 정면에서 본 모습",
        },
    },
    {
        "file": "card-2020.jpg",
        "draw": {
            "seed": 1302,
            "level": "photo",
            "generation": "2020",
            "holder": JUNHO,
            "scene": "wood",
            "turn": 0,
            "frame": DESK,
            "fill": 0.74,
            "fingers": False,
        },
        "alt": {
            "en": "Specimen: an invented resident card of the newer kind, photographed on a table",
            "ko": "견본: 가상의 인물로 만든 새 주민등록증을 탁자 위에서 찍은 사진",
        },
    },
    {
        "file": "card-upside-down.jpg",
        "draw": {
            "seed": 1307,
            "level": "photo",
            "generation": "2006",
            "holder": JIMIN,
            "scene": "desk",
            "turn": 180,
            "roll": 13.0,
            "pitch": 11.0,
            "frame": DESK,
            "fill": 0.7,
            "fingers": False,
        },
        "alt": {
            "en": "Specimen: an invented resident card lying upside down and tilted on a desk",
            "ko": "견본: 가상의 인물로 만든 주민등록증이 책상 위에 거꾸로 비스듬히 놓인 사진",
        },
    },
)


def write(outdir: Path = STATIC) -> None:
    """The pictures, with 견본 on them since anybody may copy them, and index.json: file, alt text, truth."""
    outdir.mkdir(parents=True, exist_ok=True)
    index = []
    for entry in OFFERED:
        specimen = specimens.draw(**entry["draw"], overseas=False, worn=False, watermark=True)
        data = next(d for quality in (90, 84, 78, 70) if len(d := specimen.jpeg(quality)) <= MOST_BYTES)
        (outdir / entry["file"]).write_bytes(data)
        truth = {key: value for key, value in specimen.truth().items() if isinstance(value, str)}
        index.append({"file": entry["file"], "alt": entry["alt"], "truth": truth})
    (outdir / "index.json").write_text(
        json.dumps(index, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
