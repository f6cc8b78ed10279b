"""The exact model: MiniLM's encoder written as an ONNX graph, straight from the weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Array = NDArray[Any]
Weights = dict[str, Array]

LAYERS = 6
HEADS = 12
WIDTH = 384
LAYER_NORM_EPSILON = 1e-12
MASKED = -10_000.0
# Opset 20 is the first with Gelu; this IR version keeps onnxruntime 1.17 and later able to read it.
OPSET = 20
IR_VERSION = 9


def read_weights(path: Path) -> Weights:
    """The tensors of a safetensors file: a length, a JSON header, then the bytes."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    return {
        name: _tensor(data, start, entry)
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


def write_encoder(weights: Weights) -> ModelProto:
    """Token ids and their mask in, one vector of unit length for each text out."""
    graph = _Graph(weights)
    words = graph.add("Gather", graph.constant("words", graph.weight("word")), "input_ids")
    state = graph.norm(graph.add("Add", words, _positions(graph)), "embeddings.LayerNorm")
    bias = _attention_bias(graph)
    for layer in range(LAYERS):
        state = _layer(graph, state, bias, f"encoder.layer.{layer}.")
    _pool(graph, state)
    return graph.model()


def _tensor(data: bytes, start: int, entry: dict[str, Any]) -> Array:
    first, last = entry["data_offsets"]
    return numpy.frombuffer(data[start + first : start + last], "<f4").reshape(entry["shape"])


def _positions(graph: _Graph) -> str:
    # Every token is of the first type, so the type's vector is folded into the positions.
    table = graph.weight("position") + graph.weight("token_type")[0]
    length = graph.add("Shape", "input_ids", start=1, end=2)
    zero = graph.constant("zero", numpy.array([0], numpy.int64))
    return graph.add("Slice", graph.constant("positions", table), zero, length, zero)


def _attention_bias(graph: _Graph) -> str:
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    axes = graph.constant("heads_and_rows", numpy.array([1, 2], numpy.int64))
    padding = graph.add("Sub", graph.scalar("one", 1.0), graph.add("Unsqueeze", mask, axes))
    return graph.add("Mul", padding, graph.scalar("masked", MASKED))


def _layer(graph: _Graph, state: str, bias: str, layer: str) -> str:
    context = graph.linear(_attend(graph, state, bias, layer), [layer + "attention.output.dense"])
    state = graph.norm(graph.add("Add", context, state), layer + "attention.output.LayerNorm")
    inner = graph.linear(state, [layer + "intermediate.dense"])
    outer = graph.linear(graph.add("Gelu", inner, approximate="none"), [layer + "output.dense"])
    return graph.norm(graph.add("Add", outer, state), layer + "output.LayerNorm")


def _attend(graph: _Graph, state: str, bias: str, layer: str) -> str:
    # Query, key and value are one product: the input is quantised once instead of three times.
    parts = [f"{layer}attention.self.{part}" for part in ("query", "key", "value")]
    joint = graph.linear(state, parts)
    query, key, value = graph.split(joint, 3)
    rows, columns = _heads(graph, query, [0, 2, 1, 3]), _heads(graph, key, [0, 2, 3, 1])
    scores = graph.add("MatMul", rows, columns)
    scaled = graph.add("Mul", scores, graph.scalar("scale", (WIDTH / HEADS) ** -0.5))
    shares = graph.add("Softmax", graph.add("Add", scaled, bias), axis=-1)
    mixed = graph.add("MatMul", shares, _heads(graph, value, [0, 2, 1, 3]))
    joined = graph.constant("joined", numpy.array([0, 0, WIDTH], numpy.int64))
    return graph.add("Reshape", graph.add("Transpose", mixed, perm=[0, 2, 1, 3]), joined)


def _heads(graph: _Graph, state: str, order: list[int]) -> str:
    apart = graph.constant("apart", numpy.array([0, 0, HEADS, WIDTH // HEADS], numpy.int64))
    return graph.add("Transpose", graph.add("Reshape", state, apart), perm=order)


def _pool(graph: _Graph, state: str) -> None:
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    last = graph.constant("last", numpy.array([2], numpy.int64))
    tokens = graph.constant("tokens", numpy.array([1], numpy.int64))
    weighted = graph.add("Mul", state, graph.add("Unsqueeze", mask, last))
    total = graph.add("ReduceSum", weighted, tokens, keepdims=0)
    mean = graph.add("Div", total, graph.add("ReduceSum", mask, tokens, keepdims=1))
    graph.add("LpNormalization", mean, output="embedding", axis=-1, p=2)


class _Graph:
    """The nodes and constants so far; every `add` names the value that it makes."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}

    def weight(self, kind: str) -> Array:
        return self._weights[f"embeddings.{kind}_embeddings.weight"]

    def constant(self, name: str, value: Array) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(numpy.ascontiguousarray(value), name)
        return name

    def scalar(self, name: str, value: float) -> str:
        return self.constant(name, numpy.array(value, numpy.float32))

    def add(self, kind: str, *inputs: str, output: str = "", **settings: Any) -> str:
        output = output or f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], name=output, **settings))
        return output

    def split(self, value: str, parts: int) -> list[str]:
        outputs = [f"{value}_part_{part}" for part in range(parts)]
        node = helper.make_node("Split", [value], outputs, outputs[0], axis=-1, num_outputs=parts)
        self._nodes.append(node)
        return outputs

    def norm(self, value: str, name: str) -> str:
        scale = self.constant(name + ".weight", self._weights[name + ".weight"])
        shift = self.constant(name + ".bias", self._weights[name + ".bias"])
        return self.add("LayerNormalization", value, scale, shift, epsilon=LAYER_NORM_EPSILON)

    def linear(self, value: str, names: list[str]) -> str:
        weight = numpy.concatenate([self._weights[name + ".weight"] for name in names])
        bias = numpy.concatenate([self._weights[name + ".bias"] for name in names])
        product = self.add("MatMul", value, self.constant(names[0] + ".matrix", weight.T))
        return self.add("Add", product, self.constant(names[0] + ".shift", bias))

    def model(self) -> ModelProto:
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ]
        output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH])
        graph = helper.make_graph(
            self._nodes, "minilm", inputs, [output], list(self._constants.values())
        )
        opsets = [helper.make_opsetid("", OPSET)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
