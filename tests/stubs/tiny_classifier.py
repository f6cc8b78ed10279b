"""A sentiment model of a few kilobytes, in the files of a real one: tokenizer, config, ONNX graph.

Its tokenizer knows a dozen words. Its graph looks up three numbers for each and adds them up. The
graph is written byte by byte, as protocol buffers are, so that no library is needed to make it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy

VOICES = {
    "[UNK]": (0.0, 1.0, 0.0),
    "[PAD]": (0.0, 0.0, 0.0),
    "awful": (9.0, 0.0, 0.0),
    "late": (4.0, 0.0, 0.0),
    "blue": (0.0, 5.0, 0.0),
    "lovely": (0.0, 0.0, 9.0),
}
NUMBERED_LABELS = {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}
FLOAT, INT64 = 1, 7
OPSET = 13


def make(
    folder: Path,
    labels: Mapping[str, str] | None = None,
    order: Sequence[int] = (0, 1, 2),
    file: str = "model.onnx",
) -> Path:
    """`order` says which output stands for negative, neutral and positive."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {"model_type": "bert", "id2label": dict(labels or NUMBERED_LABELS)}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "unk_token": "[UNK]",
                "pad_token": "[PAD]",
                "model_max_length": 64,
            }
        )
    )
    (folder / "tokenizer.json").write_text(_tokenizer())
    voices = numpy.array(list(VOICES.values()), numpy.float32)[:, numpy.argsort(order)]
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(_model(voices))
    return folder


def _tokenizer() -> str:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    words = {word: place for place, word in enumerate(VOICES)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return str(tokenizer.to_str())


def _model(voices: numpy.ndarray) -> bytes:
    graph = b"".join(
        (
            _field(1, _node("Gather", ["voices", "input_ids"], "each")),
            _field(1, _node("ReduceSum", ["each", "axis"], "all", keepdims=0)),
            _field(2, b"tiny"),
            _field(5, _tensor("voices", FLOAT, voices.shape, voices.tobytes())),
            _field(5, _tensor("axis", INT64, (1,), numpy.array([1], numpy.int64).tobytes())),
            _field(11, _value("input_ids", INT64, ("batch", "length"))),
            _field(12, _value("all", FLOAT, ("batch", "outcome"))),
        )
    )
    return _number(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, OPSET))


def _node(kind: str, inputs: Sequence[str], output: str, **numbers: int) -> bytes:
    said = b"".join(_field(1, name.encode()) for name in inputs) + _field(2, output.encode())
    said += _field(4, kind.encode())
    for name, number in numbers.items():
        # Type 2 is a whole number.
        said += _field(5, _field(1, name.encode()) + _number(3, number) + _number(20, 2))
    return said


def _tensor(name: str, kind: int, shape: Sequence[int], raw: bytes) -> bytes:
    sizes = b"".join(_number(1, size) for size in shape)
    return sizes + _number(2, kind) + _field(8, name.encode()) + _field(9, raw)


def _value(name: str, kind: int, axes: Sequence[str]) -> bytes:
    shape = b"".join(_field(1, _field(2, axis.encode())) for axis in axes)
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, kind) + _field(2, shape)))


def _field(tag: int, content: bytes) -> bytes:
    return _varint(tag << 3 | 2) + _varint(len(content)) + content


def _number(tag: int, number: int) -> bytes:
    return _varint(tag << 3) + _varint(number)


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])
