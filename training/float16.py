"""Stores a model's large weights as float16, and back."""

import numpy as np
import onnx
from onnx import numpy_helper


def halve(model):
    """Stores large weights as float16 behind a Cast: half the file, still an ONNX that every runtime reads."""
    casts = []
    for initializer in model.graph.initializer:
        value = numpy_helper.to_array(initializer)
        if value.dtype == np.float32 and value.size > 256:
            name = initializer.name
            initializer.CopyFrom(numpy_helper.from_array(value.astype(np.float16), name + "_half"))
            casts.append(onnx.helper.make_node("Cast", [name + "_half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = casts + list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def whole(model):
    """Undoes `halve`."""
    cast_to = {
        n.input[0]: n.output[0]
        for n in model.graph.node
        if n.op_type == "Cast" and n.input[0].endswith("_half")
    }
    for initializer in model.graph.initializer:
        if initializer.name in cast_to:
            value = numpy_helper.to_array(initializer).astype(np.float32)
            initializer.CopyFrom(numpy_helper.from_array(value, cast_to[initializer.name]))
    nodes = [n for n in model.graph.node if not (n.op_type == "Cast" and n.input[0] in cast_to)]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model
