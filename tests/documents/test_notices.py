"""Licence and notices: every package and every shipped file of others is named."""

from tests.documents.conftest import ROOT
from tools import third_party

ENGINE = ROOT / "ocr_integration" / "engine"


def test_every_package_of_the_product_stands_with_its_licence_in_the_notices() -> None:
    assert third_party.written() == third_party.pinned()


def test_every_file_of_weights_and_data_is_named_in_the_notices() -> None:
    text = third_party.FILE.read_text() + (ENGINE / "models" / "README.md").read_text()
    shipped = [*(ENGINE / "data").iterdir(), *(ENGINE / "models").glob("*.onnx")]
    assert len(shipped) > 5
    assert [file.name for file in shipped if f"`{file.name}`" not in text] == []


def test_the_licence_is_the_one_that_the_package_names() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text()
