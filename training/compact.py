"""Stores a model's large weights in fewer bytes than float32, and back. The file stays an ONNX for every runtime,
and computes in float32: the runtime unfolds the weights once, when it loads them."""

import numpy as np
import onnx
from onnx import numpy_helper

LARGE = 256
"""Weights of at most so many numbers (biases, factors of normalisation) stay as they are."""
LEVELS = 127


def halve(model):
    """Large weights as float16 behind a Cast: half the file."""
    return _stored(model, _half)


def quarter(model):
    """Large weights as one byte each, with one factor for each output channel: a quarter of the file."""
    return _stored(model, _byte)


def whole(model):
    """Undoes `halve` and `quarter`: plain float32 weights, for training on."""
    values = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    unfolding = {"_half", "_byte", "_unit"}
    nodes = []
    for node in model.graph.node:
        source = node.input[0] if node.input else ""
        if node.op_type not in ("Cast", "Mul") or source[-5:] not in unfolding or source not in values:
            nodes.append(node)
            continue
        value = values.pop(source).astype(np.float32)
        values[node.output[0]] = value * values.pop(node.input[1]) if node.op_type == "Mul" else value
    _replace(model.graph.node, nodes)
    _replace(model.graph.initializer, [numpy_helper.from_array(v, name) for name, v in values.items()])
    return model


def _stored(model, store):
    kept, unfold = [], []
    axes = _channels(model)
    for initializer in model.graph.initializer:
        value = numpy_helper.to_array(initializer)
        if value.dtype != np.float32 or value.size <= LARGE:
            kept.append(initializer)
            continue
        initializers, nodes = store(initializer.name, value, axes.get(initializer.name, 0))
        kept += [numpy_helper.from_array(v, name) for name, v in initializers.items()]
        unfold += nodes
    _replace(model.graph.initializer, kept)
    _replace(model.graph.node, unfold + list(model.graph.node))
    return model


def _half(name, value, axis):
    cast = onnx.helper.make_node("Cast", [f"{name}_half"], [name], to=onnx.TensorProto.FLOAT)
    return {f"{name}_half": value.astype(np.float16)}, [cast]


def _byte(name, value, axis):
    others = tuple(i for i in range(value.ndim) if i != axis)
    scale = np.maximum(np.abs(value).max(axis=others, keepdims=True), 1e-12).astype(np.float32) / LEVELS
    stored = {f"{name}_byte": np.round(value / scale).astype(np.int8), f"{name}_scale": scale}
    cast = onnx.helper.make_node("Cast", [f"{name}_byte"], [f"{name}_unit"], to=onnx.TensorProto.FLOAT)
    return stored, [cast, onnx.helper.make_node("Mul", [f"{name}_unit", f"{name}_scale"], [name])]


def _channels(model):
    """The axis of each weight's output channels: a matrix's last one, a convolution's first."""
    return {n.input[1]: 1 for n in model.graph.node if n.op_type in ("MatMul", "Gemm") and len(n.input) > 1}


def _replace(field, items):
    items = list(items)
    del field[:]
    field.extend(items)
