"""The model files are the ones this version was made with."""

import shutil
from pathlib import Path

import pytest

from ocr_integration.engine import ModelDamaged, weights
from ocr_integration.engine.weights import MODELS, Weights, session


def test_a_damaged_model_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / weights.DETECTOR.file
    shutil.copy(MODELS / weights.DETECTOR.file, damaged)
    with damaged.open("r+b") as file:
        file.seek(1000)
        file.write(b"\x00\xff\x00\xff")
    monkeypatch.setattr(weights, "MODELS", tmp_path)
    with pytest.raises(ModelDamaged, match=weights.DETECTOR.file):
        session(weights.DETECTOR, threads=1)


def test_a_missing_model_is_refused_by_name() -> None:
    with pytest.raises(ModelDamaged, match=r"nowhere\.onnx"):
        session(Weights("nowhere.onnx", ""), threads=1)


def test_the_models_stay_under_25_mb() -> None:
    assert sum(path.stat().st_size for path in MODELS.glob("*.onnx")) <= 25 * 1024 * 1024
