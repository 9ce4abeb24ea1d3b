"""Knowledge must not repair a forgery: a wrong number comes out as printed."""

import pytest

from ocr_integration.engine import CardEngine
from tests import specimens


@pytest.mark.parametrize("forgery", ["check_digit", "impossible_date", "century"])
@pytest.mark.parametrize("seed", [41, 42])
def test_a_forged_number_is_read_as_printed(engine: CardEngine, forgery: str, seed: int) -> None:
    drawn = specimens.draw(seed, "photo", forgery=forgery)
    card = engine.read(drawn.jpeg(), photo=False)
    assert card.fields["ID"].text == drawn.rrn
    assert card.fields["ID"].unconstrained.replace(" ", "") == drawn.rrn
