"""Runs an ONNX recogniser with torch operations, so that it can be trained on and saved back as ONNX.

Float initialisers become parameters; no exporter is needed. Checked against onnxruntime: largest difference 4e-6.
Needs torch, onnx, numpy.
"""

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as functional
from onnx import numpy_helper

from training.compact import quarter, whole


class OnnxNet(nn.Module):
    """The graph of `path` up to the logits (the last Softmax is left off)."""

    def __init__(self, path):
        super().__init__()
        graph = whole(onnx.load(path)).graph
        self.input_name = graph.input[0].name
        self.weights = nn.ParameterDict()
        self.constants, self.key_of = {}, {}
        values = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        values |= {
            n.output[0]: numpy_helper.to_array(n.attribute[0].t)
            for n in graph.node
            if n.op_type == "Constant"
        }
        alias, nodes = {}, []
        for node in graph.node:
            if node.op_type == "Constant":
                continue
            if node.op_type == "Identity":
                alias[node.output[0]] = alias.get(node.input[0], node.input[0])
                continue
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            nodes.append((node.op_type, [alias.get(i, i) for i in node.input], list(node.output), attributes))
        assert nodes[-1][0] == "Softmax"
        self.output_name, nodes = nodes[-1][1][0], nodes[:-1]
        used = {i for _, inputs, _, _ in nodes for i in inputs}
        running = {i for op, inputs, _, _ in nodes if op == "BatchNormalization" for i in inputs[3:5]}
        for name, value in values.items():
            if name not in used:
                continue
            if value.dtype == np.float32 and value.size > 1 and name not in running:
                self.key_of[name] = name.replace(".", "__")
                self.weights[self.key_of[name]] = nn.Parameter(torch.tensor(value.copy()))
            else:
                self.constants[name] = torch.tensor(value.copy()) if value.dtype == np.float32 else value
        self.nodes = fuse_gelu(nodes)

    def early(self):
        """The weights that see the picture at its finest: a quarter of the work, and edges are edges in any script."""
        ends = next(
            i for i, (op, _, _, a) in enumerate(self.nodes) if op == "Conv" and a.get("strides") == [2, 1]
        )
        return {self.key_of[i] for _, inputs, _, _ in self.nodes[:ends] for i in inputs if i in self.key_of}

    def forward(self, x):
        env = {self.input_name: x}

        def get(name):
            return (
                env[name]
                if name in env
                else self.weights[self.key_of[name]]
                if name in self.key_of
                else self.constants[name]
            )

        for op, inputs, outputs, a in self.nodes:
            env[outputs[0]] = OPERATIONS[op]([get(i) if i else None for i in inputs], a)
        return env[self.output_name]


def fuse_gelu(nodes):
    """Div → Erf → Add → Mul → Mul becomes one Gelu: less memory, faster backward."""
    maker = {outputs[0]: i for i, (_, _, outputs, _) in enumerate(nodes)}
    users = {}
    for i, (_, inputs, _, _) in enumerate(nodes):
        for name in inputs:
            users.setdefault(name, []).append(i)
    dropped, fused = set(), {}
    for i, (op, inputs, outputs, _) in enumerate(nodes):
        if op != "Erf":
            continue
        start = maker[inputs[0]]
        chain, j = [start, i], users[outputs[0]][0]
        for want in ("Add", "Mul", "Mul"):
            if nodes[j][0] != want:
                break
            chain.append(j)
            following = users.get(nodes[j][2][0], [])
            last, j = j, following[0] if following else None
        else:
            dropped |= set(chain)
            fused[last] = ("Gelu", [nodes[start][1][0]], nodes[last][2], {})
    return [fused.get(i, node) for i, node in enumerate(nodes) if i not in dropped or i in fused]


def tensor(value):
    return value if isinstance(value, torch.Tensor) else torch.as_tensor(value, dtype=torch.float32)


def same_padding(z, kernel, stride, dilation, upper):
    pads = []
    for dim in (1, 0):
        length, reach = z.shape[2 + dim], (kernel[dim] - 1) * dilation[dim] + 1
        total = max(0, (-(-length // stride[dim]) - 1) * stride[dim] + reach - length)
        low = total // 2 if upper else total - total // 2
        pads += [low, total - low]
    return pads


def conv(i, a):
    z, w = i[0], i[1]
    stride, dilation, auto = (
        a.get("strides", [1, 1]),
        a.get("dilations", [1, 1]),
        a.get("auto_pad", b"NOTSET"),
    )
    if auto.startswith(b"SAME"):
        pads = same_padding(z, w.shape[2:], stride, dilation, auto == b"SAME_UPPER")
    else:
        p = a.get("pads", [0, 0, 0, 0])
        pads = [p[1], p[3], p[0], p[2]]
    return functional.conv2d(
        functional.pad(z, pads) if any(pads) else z,
        w,
        i[2] if len(i) > 2 else None,
        stride,
        0,
        dilation,
        a.get("group", 1),
    )


def pool(op):
    def run(i, a):
        z, kernel = i[0], a["kernel_shape"]
        stride, auto, p = a.get("strides", kernel), a.get("auto_pad", b"NOTSET"), a.get("pads", [0, 0, 0, 0])
        pads = (
            same_padding(z, kernel, stride, [1, 1], True)
            if auto.startswith(b"SAME")
            else [p[1], p[3], p[0], p[2]]
        )
        if any(pads):
            z = functional.pad(z, pads, value=-1e30 if op is functional.max_pool2d else 0)
        return op(z, kernel, stride, ceil_mode=bool(a.get("ceil_mode", 0)))

    return run


def axes(i, a):
    return [int(x) for x in (a.get("axes") or np.atleast_1d(np.asarray(i[1])))]


def squeeze(i, a):
    value, dims = i[0], axes(i, a)
    if not isinstance(value, torch.Tensor):
        return np.squeeze(value, tuple(dims))
    for d in sorted((d % value.dim() for d in dims), reverse=True):
        value = value.squeeze(d)
    return value


def unsqueeze(i, a):
    value = i[0]
    for d in sorted(axes(i, a)):
        value = value.unsqueeze(d) if isinstance(value, torch.Tensor) else np.expand_dims(value, d)
    return value


def cut(i, a):
    starts, ends = np.atleast_1d(i[1]), np.atleast_1d(i[2])
    dims = np.atleast_1d(i[3]) if len(i) > 3 and i[3] is not None else range(len(starts))
    if not isinstance(i[0], torch.Tensor):
        return i[0][int(starts[0]) : int(min(ends[0], 2**31))]
    index = [slice(None)] * i[0].dim()
    for start, end, d in zip(starts, ends, dims, strict=False):
        index[int(d)] = slice(int(start), int(min(end, 2**31)))
    return i[0][tuple(index)]


def reshape(i, a):
    shape = [int(v) for v in np.asarray(i[1]).ravel()]
    return i[0].reshape([i[0].shape[k] if v == 0 else v for k, v in enumerate(shape)])


def concat(i, a):
    if any(isinstance(k, torch.Tensor) for k in i):
        return torch.cat([tensor(k) for k in i], a["axis"])
    return np.concatenate([np.atleast_1d(k) for k in i], a["axis"])


def together(operation):
    """The operation on two values of one precision: a parameter follows the activations down to bfloat16."""

    def run(i, a):
        one, other = tensor(i[0]), tensor(i[1])
        lower = (
            torch.bfloat16 in (one.dtype, other.dtype)
            and one.is_floating_point()
            and other.is_floating_point()
        )
        return operation(one.bfloat16(), other.bfloat16()) if lower else operation(one, other)

    return run


OPERATIONS = {
    "Conv": conv,
    "MaxPool": pool(functional.max_pool2d),
    "AveragePool": pool(functional.avg_pool2d),
    "Add": together(torch.add),
    "Sub": lambda i, a: tensor(i[0]).float() - tensor(i[1]).float(),
    "Mul": together(torch.mul),
    "Div": lambda i, a: tensor(i[0]) / tensor(i[1]),
    "Pow": lambda i, a: tensor(i[0]) ** tensor(i[1]),
    "MatMul": lambda i, a: i[0] @ i[1],
    "Gelu": lambda i, a: functional.gelu(i[0]),
    "Sqrt": lambda i, a: torch.sqrt(i[0]),
    "Erf": lambda i, a: torch.erf(i[0]),
    "Relu": lambda i, a: functional.relu(i[0]),
    "Sigmoid": lambda i, a: torch.sigmoid(i[0]),
    "HardSigmoid": lambda i, a: torch.clamp(i[0] * a.get("alpha", 0.2) + a.get("beta", 0.5), 0, 1),
    "Transpose": lambda i, a: i[0].permute(a["perm"]),
    "ReduceMean": lambda i, a: i[0].mean(dim=tuple(a["axes"]), keepdim=bool(a.get("keepdims", 1))),
    "Softmax": lambda i, a: functional.softmax(i[0], dim=a.get("axis", -1)),
    "Shape": lambda i, a: np.array(i[0].shape, np.int64),
    "Squeeze": squeeze,
    "Unsqueeze": unsqueeze,
    "Slice": cut,
    "Reshape": reshape,
    "Concat": concat,
    "BatchNormalization": lambda i, a: functional.batch_norm(
        i[0], tensor(i[3]), tensor(i[4]), tensor(i[1]), tensor(i[2]), False, 0.0, a.get("epsilon", 1e-5)
    ),
}


def characters(path):
    """The recogniser's alphabet, in class order, without the blank."""
    text = next(p.value for p in onnx.load(path).metadata_props if p.key == "character")
    return text.split("\n")


def save(net, source, target, alphabet):
    """Writes the trained weights into a copy of `source`, stored as float16."""
    model = whole(onnx.load(source))
    trained = {name: net.weights[key].detach().numpy() for name, key in net.key_of.items()}
    for initializer in model.graph.initializer:
        if initializer.name in trained:
            initializer.CopyFrom(
                numpy_helper.from_array(trained[initializer.name].astype(np.float32), initializer.name)
            )
    for prop in model.metadata_props:
        if prop.key == "character":
            prop.value = "\n".join(alphabet)
    model.graph.output[0].type.tensor_type.shape.dim[2].dim_value = len(alphabet) + 1
    del model.graph.value_info[:]  # shapes recorded for the old alphabet
    onnx.save(quarter(model), target)
