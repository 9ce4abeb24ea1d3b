"""The models and how they are loaded: each must be exactly the file that this version was made with."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import onnxruntime

from ocr_integration.engine.errors import ModelDamaged

MODELS = Path(__file__).parent / "models"


@dataclass(frozen=True, slots=True)
class Weights:
    """A model file and the SHA-256 of its bytes."""

    file: str
    sha256: str


CORNERS = Weights("corners.onnx", "d0556fbb0c9b9e713130d67dc3c78daf03f63f16f65a23051795576a55d56417")
DETECTOR = Weights("lines.onnx", "91322f70f093c4ba81c486074198b0b3718cf7badf2934d187aea4fa579b1d29")
RECOGNISER = Weights("letters.onnx", "78f1f566abab2062fb13a6ce74f16b0f843b83978d44c8b866a75f52d39c1de7")
HANJA = Weights("hanja.onnx", "036d5d41ba51e540514c11518b9dddaf4226069afd4dd3c31139b839a8d7e40b")


def session(weights: Weights, *, threads: int) -> onnxruntime.InferenceSession:
    """A CPU session of a model in MODELS. Raises ModelDamaged if the file is missing or another."""
    path = MODELS / weights.file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelDamaged(f"The card reader's model {weights.file} cannot be read in {MODELS}.") from error
    if hashlib.sha256(data).hexdigest() != weights.sha256:
        raise ModelDamaged(f"The card reader's model {weights.file} is damaged: its SHA-256 is another.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
