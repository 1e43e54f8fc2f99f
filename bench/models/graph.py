"""Builds ONNX graphs node by node, with Debian's python3-onnx and NumPy alone.

A Graph collects nodes; the branches of an If share the weights of the graph around them.
Quantised graphs have what onnxruntime's quantize_dynamic writes: whole-number weights with one
scale per tensor, activations quantised by DynamicQuantizeLinear when the model runs.
"""

import math
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 13
IR_VERSION = 7


class Graph:
    """Nodes in the order in which they run, and the weights that they use."""

    def __init__(self, prefix="", weights=None, quantised=False):
        self.nodes = []
        self.prefix = prefix  # keeps names apart where graphs lie within one another
        self.weights = {} if weights is None else weights
        self.quantised = quantised
        self._count = 0

    def name(self, hint):
        self._count += 1
        return f"{self.prefix}{hint}_{self._count}"

    def op(self, kind, *inputs, out=None, outs=1, **attributes):
        """Adds a node and returns the name of its output, or of all where there are several."""
        names = [out] if out else [self.name(kind) for _ in range(outs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name="node_" + names[0], **attributes))
        return names[0] if outs == 1 else names

    def weight(self, name, values):
        self.weights.setdefault(name, np.asarray(values))
        return name

    def ints(self, values):
        v = np.asarray(values, np.int64)
        return self.weight(f"int_{v.ndim}_" + "_".join(map(str, v.ravel())), v)

    def real(self, value):
        return self.weight(f"real_{value!r}", np.float32(value))

    def matmul(self, x, name, w):
        """x times the matrix w, quantised where the graph is."""
        if not self.quantised:
            return self.op("MatMul", x, self.weight(name, w))
        whole, scale = quantise(w)
        return self._whole_matmul(x, self.weight(name + "_quantized", whole), name, scale)

    def tied_matmul(self, x, name, table):
        """x times the transposed embedding table, which embed has put among the weights."""
        if not self.quantised:
            return self.op("MatMul", x, self.op("Transpose", self.weight(name, table), perm=[1, 0]))
        whole, scale = quantise(table)
        stored = self.weight(name + "_quantized", whole)
        return self._whole_matmul(x, self.op("Transpose", stored, perm=[1, 0]), name, scale)

    def _whole_matmul(self, x, whole, name, scale):
        a, step, zero = self.op("DynamicQuantizeLinear", x, outs=3)
        y = self.op("MatMulInteger", a, whole, zero, self.weight("zero_point", np.int8(0)))
        step = self.op("Mul", step, self.weight(name + "_scale", np.float32(scale)))
        return self.op("Mul", self.op("Cast", y, to=TensorProto.FLOAT), step)

    def embed(self, ids, name, table):
        """The rows of a table."""
        if not self.quantised:
            return self.op("Gather", self.weight(name, table), ids)
        whole, scale = quantise(table)
        rows = self.op("Gather", self.weight(name + "_quantized", whole), ids)
        return self.op("DequantizeLinear", rows, self.weight(name + "_scale", np.float32(scale)), self.weight("zero_point", np.int8(0)))

    def linear(self, x, name, weights):
        w, b = weights
        return self.op("Add", self.matmul(x, name + ".weight", w), self.weight(name + ".bias", b))

    def layer_norm(self, x, name, size, gain=1.0):
        centred = self.op("Sub", x, self.op("ReduceMean", x, axes=[-1]))
        variance = self.op("ReduceMean", self.op("Mul", centred, centred), axes=[-1])
        y = self.op("Div", centred, self.op("Sqrt", self.op("Add", variance, self.real(1e-5))))
        y = self.op("Mul", y, self.weight(name + ".weight", np.full(size, gain, np.float32)))
        return self.op("Add", y, self.weight(name + ".bias", np.zeros(size, np.float32)))

    def heads(self, x, count, size):
        """[batch, positions, heads*size] to [batch, heads, positions, size]."""
        return self.op("Transpose", self.op("Reshape", x, self.ints([0, -1, count, size])), perm=[0, 2, 1, 3])

    def attend(self, q, k, v, mask, width):
        """Attention of heads, with an additive mask; gives [batch, positions, width]."""
        size = self.op("Cast", self.dimension(q, 3), to=TensorProto.FLOAT)
        score = self.op("MatMul", self.op("Div", q, self.op("Sqrt", size)), self.op("Transpose", k, perm=[0, 1, 3, 2]))
        if mask:
            score = self.op("Add", score, mask)
        y = self.op("MatMul", self.op("Softmax", score, axis=-1), v)
        return self.op("Reshape", self.op("Transpose", y, perm=[0, 2, 1, 3]), self.ints([0, -1, width]))

    def padding_mask(self, mask):
        """[batch, positions] of ones and zeros to [batch, 1, 1, positions] of zeros and -1e9."""
        off = self.op("Sub", self.real(1.0), self.op("Cast", mask, to=TensorProto.FLOAT))
        return self.op("Unsqueeze", self.op("Mul", off, self.real(-1e9)), self.ints([1, 2]))

    def causal_mask(self, length):
        """[length, length]: nobody looks ahead."""
        steps = self.op("Range", self.ints(0), self.op("Squeeze", length), self.ints(1))
        ahead = self.op("Greater", self.op("Unsqueeze", steps, self.ints([0])), self.op("Unsqueeze", steps, self.ints([1])))
        return self.op("Mul", self.op("Cast", ahead, to=TensorProto.FLOAT), self.real(-1e9))

    def dimension(self, x, axis):
        """A size of x, as a list of one."""
        return self.op("Gather", self.op("Shape", x), self.ints([axis]))

    def swish(self, x):
        return self.op("Mul", x, self.op("Sigmoid", x))

    def gelu(self, x):
        half = self.op("Mul", x, self.real(0.5))
        return self.op("Mul", half, self.op("Add", self.op("Erf", self.op("Mul", x, self.real(math.sqrt(0.5)))), self.real(1.0)))

    def save(self, path, inputs, outputs):
        weights = [numpy_helper.from_array(a, n) for n, a in self.weights.items()]
        graph = helper.make_graph(self.nodes, "main_graph", inputs, outputs, weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="inkpool")
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        onnx.save(model, path)


def quantise(w):
    """To whole numbers from -127 to 127, and what one of them is worth."""
    scale = float(np.abs(w).max() / 127) or 1.0
    return np.clip(np.round(w / scale), -127, 127).astype(np.int8), scale


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def ids(name, *shape):
    return value(name, TensorProto.INT64, list(shape))


def reals(name, *shape):
    return value(name, TensorProto.FLOAT, list(shape))
