"""What our own reader tells beside the vendor's fields survives the wire, and nothing else is believed."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ocr_integration.contract import FIELDS, FieldDetail, Geometry, ReadingDetails
from ocr_integration.details import details_from_json, details_to_json

unit = st.floats(0, 1).map(lambda value: round(value, 4))
corners = st.tuples(*[st.tuples(unit, unit)] * 4)
details = st.builds(
    ReadingDetails,
    engine=st.just("sinwon"),
    version=st.just("1"),
    card=st.sampled_from(("", "foreigner")),
    fields=st.dictionaries(
        st.sampled_from(FIELDS),
        st.builds(FieldDetail, st.text("가나ab1 ", max_size=9), st.text("가1", max_size=9), unit, corners),
    ),
    geometry=st.none()
    | st.builds(
        Geometry,
        st.booleans(),
        corners,
        unit,
        st.sampled_from([0, 90, 180, 270]),
        unit,
        unit,
        unit,
        unit.map(lambda v: round(v, 1)),
    ),
    photo_box=st.none() | corners,
    reason=st.sampled_from(["", "no_card"]),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text() | st.sampled_from(["Fields", "Geometry", "Engine"]), inner)
    ),
    max_leaves=20,
)


@given(details)
def test_details_survive_the_wire(given_details: ReadingDetails) -> None:
    back = details_from_json(json.loads(json.dumps(details_to_json(given_details))))
    assert back is not None
    assert details_to_json(back) == details_to_json(given_details)


@given(json_values)
def test_anything_else_is_no_details(value: object) -> None:
    assert details_from_json(value) is None or isinstance(value, dict)


@given(details, st.data())
def test_a_broken_part_spoils_the_whole_and_never_raises(
    given_details: ReadingDetails, data: st.DataObject
) -> None:
    value = details_to_json(given_details)
    value[data.draw(st.sampled_from(sorted(value)))] = data.draw(json_values)
    read = details_from_json(value)
    assert read is None or isinstance(read, ReadingDetails)


def test_a_whole_number_beyond_every_float_is_no_details() -> None:
    box = [[0, 0], [1, 0], [1, 1], [0, 1]]
    field = {"Text": "", "Unconstrained": "", "Confidence": 10**400, "Box": box}
    assert details_from_json({"Engine": "e", "Version": "1", "Fields": {"Name": field}}) is None
