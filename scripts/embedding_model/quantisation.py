"""The small model: 8-bit weights, and inputs that 8 bits are enough for."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from embedding_model.encoder import Array
from embedding_model.runner import Runner

# Ordinary text of the kinds that the model will read; only the largest inputs are taken from it.
SAMPLES = """\
Our store ships orders within two working days. You will get an e-mail with a tracking number.
## Returns - Items can be sent back within 30 days. - Sale items cannot be exchanged.
Why was my card charged twice?!
ok
Error 0x80070057: the parameter is incorrect. Hold the reset button for 10 seconds.
| Plan | Price | Seats | Starter | $19 | 3 | Business | $79 | 20 |
Die Garantie gilt zwei Jahre ab Kaufdatum.
Can someone call me back tomorrow morning?
1. Open the lid. 2. Remove the filter. 3. Rinse it under warm water; let it dry before you close it.
The warranty does not cover damage caused by limescale, by falling, or by other chargers.
Version 3.2.1 introduced single sign-on with SAML and OpenID Connect for every workspace.
""".splitlines()
# How much of a channel's spread moves from the input to the weights; 0.7 was best of 0.35 to 0.8.
SHARE_MOVED = 0.7
SMALLEST = 1e-5


def quantise(exact: ModelProto, tokenizer: Path, scratch: Path, target: Path) -> None:
    """Write the int8 model to `target`.

    Three things keep it close to the exact one: a scale of its own for every word vector and for
    every column of a matrix, and inputs evened out beforehand. A few channels of MiniLM's inputs
    are ten times larger than the rest, and onnxruntime has one scale for an input: what these
    channels lose by being divided, their weights gain, and the product stays the same.
    """
    model = ModelProto()
    model.CopyFrom(exact)
    _even_out(model, _largest_inputs(exact, tokenizer, scratch))
    _quantise_words(model)
    even = scratch / "even.onnx"
    onnx.save(model, even)
    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(
        even,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )
    even.unlink()


def _largest_inputs(exact: ModelProto, tokenizer: Path, scratch: Path) -> dict[str, Array]:
    """For each matrix the largest value that every channel of its input took in the samples."""
    watched = ModelProto()
    watched.CopyFrom(exact)
    taps = {node.input[1]: node.input[0] for node in _products(watched)}
    names = sorted(set(taps.values()))
    for name in names:
        watched.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    path = scratch / "watched.onnx"
    onnx.save(watched, path)
    runner = Runner(path, tokenizer)
    seen = [
        [numpy.abs(values[0]).max(axis=0) for values in runner.outputs(text, names)]
        for text in SAMPLES
    ]
    path.unlink()
    largest = [numpy.max(of_name, axis=0) for of_name in zip(*seen, strict=True)]
    return {matrix: largest[names.index(name)] for matrix, name in taps.items()}


def _even_out(model: ModelProto, largest: dict[str, Array]) -> None:
    constants = {each.name: each for each in model.graph.initializer}
    nodes: list[NodeProto] = []
    products = {node.name for node in _products(model)}
    for node in model.graph.node:
        # What attention mixes is even enough: dividing it would cost time and gain nothing.
        if node.name in products and "attention.output" not in node.input[1]:
            nodes.append(_divide(model, node, constants[node.input[1]], largest[node.input[1]]))
        nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _divide(model: ModelProto, node: NodeProto, matrix: TensorProto, largest: Array) -> NodeProto:
    weights = numpy_helper.to_array(matrix)
    heaviest = numpy.maximum(numpy.abs(weights).max(axis=1), SMALLEST)
    spread = numpy.maximum(largest, SMALLEST) ** SHARE_MOVED / heaviest ** (1 - SHARE_MOVED)
    # Powers of two: the product stays the same to the last bit, and any two machines that build the
    # model come to the same one, unless a channel lies on the very edge between two powers.
    scale = numpy.exp2(numpy.rint(numpy.log2(spread))).astype(numpy.float32)
    name = matrix.name
    matrix.CopyFrom(numpy_helper.from_array(weights * scale[:, None], name))
    model.graph.initializer.append(numpy_helper.from_array(1 / scale, name + ".even"))
    even = node.input[0] + "_even_" + node.name
    division = helper.make_node("Mul", [node.input[0], name + ".even"], [even], name=even)
    node.input[0] = even
    return division


def _quantise_words(model: ModelProto) -> None:
    """The table of words is half of the model. One scale for all of it would blur rare words."""
    table = next(each for each in model.graph.initializer if each.name == "words")
    lookup = next(node for node in model.graph.node if "words" in node.input)
    words = numpy_helper.to_array(table)
    scale = numpy.maximum(numpy.abs(words).max(axis=1, keepdims=True), SMALLEST) / 127
    table.CopyFrom(numpy_helper.from_array(numpy.rint(words / scale).astype(numpy.int8), "words"))
    model.graph.initializer.append(
        numpy_helper.from_array(scale.astype(numpy.float32), "words.scale")
    )
    result = lookup.output[0]
    lookup.output[0] = "words.int8"
    after = [
        helper.make_node("Cast", ["words.int8"], ["words.float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["words.scale", "input_ids"], ["words.own_scale"]),
        helper.make_node("Mul", ["words.float", "words.own_scale"], [result]),
    ]
    place = list(model.graph.node).index(lookup) + 1
    for offset, node in enumerate(after):
        model.graph.node.insert(place + offset, node)


def _products(model: ModelProto) -> list[NodeProto]:
    """The products with a matrix of weights; those of attention are between two inputs."""
    constants = {each.name for each in model.graph.initializer}
    return [
        node for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in constants
    ]
