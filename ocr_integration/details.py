"""The JSON form of ReadingDetails: the key `Sinwon` of a Response.

Our server writes it, our gateway reads it.
"""

import math
from collections.abc import Mapping

from ocr_integration.contract import FIELDS, FieldDetail, Geometry, Point, ReadingDetails

Json = dict[str, object]


def details_to_json(details: ReadingDetails) -> Json:
    """ReadingDetails as JSON-ready values."""
    return {
        "Engine": details.engine,
        "Version": details.version,
        "Reason": details.reason,
        "Card": details.card,
        "Fields": {name: _field_to_json(field) for name, field in details.fields.items()},
        "Geometry": _geometry_to_json(details.geometry) if details.geometry else None,
        "PhotoBox": _points_to_json(details.photo_box) if details.photo_box else None,
    }


def details_from_json(value: object) -> ReadingDetails | None:
    """ReadingDetails from decoded JSON; None for anything that is not their form. Never raises."""
    try:
        return _details(_mapping(value))
    except (KeyError, TypeError, ValueError, OverflowError):  # a whole number may be larger than any float
        return None


def _field_to_json(field: FieldDetail) -> Json:
    return {
        "Text": field.text,
        "Unconstrained": field.unconstrained,
        "Confidence": round(float(field.confidence), 4),
        "Box": _points_to_json(field.box),
    }


def _geometry_to_json(geometry: Geometry) -> Json:
    return {
        "Located": bool(geometry.located),
        "Corners": _points_to_json(geometry.corners),
        "Tilt": round(float(geometry.tilt), 2),
        "Rotation": int(geometry.rotation),
        "Sharpness": round(float(geometry.sharpness), 3),
        "Glare": round(float(geometry.glare), 4),
        "Brightness": round(float(geometry.brightness), 4),
        "CardWidth": round(float(geometry.card_width), 1),
    }


def _points_to_json(points: tuple[Point, ...]) -> list[list[float]]:
    return [[round(float(x), 5), round(float(y), 5)] for x, y in points]


def _details(data: Mapping[str, object]) -> ReadingDetails:
    fields = _mapping(data["Fields"])
    geometry, photo_box = data.get("Geometry"), data.get("PhotoBox")
    return ReadingDetails(
        engine=_text(data["Engine"], 100),
        version=_text(data["Version"], 100),
        fields={name: _field(_mapping(fields[name])) for name in FIELDS if name in fields},
        geometry=None if geometry is None else _geometry(_mapping(geometry)),
        photo_box=None if photo_box is None else _points(photo_box),
        reason=_text(data.get("Reason", ""), 100),
        card=_text(data.get("Card", ""), 20),
    )


def _field(data: Mapping[str, object]) -> FieldDetail:
    return FieldDetail(
        text=_text(data["Text"]),
        unconstrained=_text(data["Unconstrained"]),
        confidence=min(1.0, max(0.0, _number(data["Confidence"]))),
        box=_points(data["Box"]),
    )


def _geometry(data: Mapping[str, object]) -> Geometry:
    return Geometry(
        located=data["Located"] is True,
        corners=_points(data["Corners"]),
        tilt=_number(data["Tilt"]),
        rotation=int(_number(data["Rotation"])),
        sharpness=_number(data["Sharpness"]),
        glare=_number(data["Glare"]),
        brightness=_number(data["Brightness"]),
        card_width=_number(data["CardWidth"]),
    )


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _text(value: object, limit: int = 1000) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise TypeError("not a text")
    value.encode()  # a lone surrogate has no place in a database: UnicodeEncodeError is a ValueError
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("not a number")
    return float(value)


def _points(value: object) -> tuple[Point, ...]:
    if not isinstance(value, list) or len(value) not in (0, 4):
        raise TypeError("not four points")
    return tuple((_number(x), _number(y)) for x, y in value)
