"""Checks a model with onnx.checker and computes it with numpy: run_onnx.py MODEL INPUT OUTPUT_NAME OUTPUT

INPUT and OUTPUT are float32 in the machine's order, row by row; the number of columns stands in the model. Each operator
is computed as the standard says, in float64.
"""
import sys

import numpy as np
import onnx
from onnx import numpy_helper

model_file, input_file, wanted, output_file = sys.argv[1:]
model = onnx.load(model_file)
onnx.checker.check_model(model, full_check=True)
graph = model.graph
dim = graph.input[0].type.tensor_type.shape.dim[1].dim_value
values = {graph.input[0].name: np.fromfile(input_file, np.float32).reshape(-1, dim).astype(np.float64)}
for constant in graph.initializer:
    values[constant.name] = numpy_helper.to_array(constant)


def cut(x, start, end, axes):
    where = [slice(None)] * x.ndim
    for first, last, axis in zip(start, end, axes):
        where[axis] = slice(int(first), int(last) if last < 2**62 else None)
    return x[tuple(where)]


def pad(x, pads, mode):
    half = len(pads) // 2
    return np.pad(x, list(zip(pads[:half], pads[half:])), mode=mode.decode())


def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def gemm(x, w, b=0, transB=0):
    return x @ (w.T if transB else w) + b


operators = {
    "Add": lambda x, y: x + y,
    "Concat": lambda *x, axis: np.concatenate(x, axis),
    "Gather": lambda x, i, axis: np.take(x, i, axis),
    "Gemm": gemm,
    "Min": np.minimum,
    "Mul": lambda x, y: x * y,
    "PRelu": lambda x, slope: np.where(x < 0, x * slope, x),
    "Pad": pad,
    "Relu": lambda x: np.maximum(x, 0),
    "Sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "Slice": cut,
    "Softmax": softmax,
    "Tanh": np.tanh,
}
for node in graph.node:
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    values[node.output[0]] = operators[node.op_type](*(values[i] for i in node.input), **attributes)

assert wanted in [output.name for output in graph.output], [output.name for output in graph.output]
assert model.opset_import[0].version == 13
values[wanted].astype(np.float32).tofile(output_file)
print({prop.key: prop.value[:60] for prop in model.metadata_props})
