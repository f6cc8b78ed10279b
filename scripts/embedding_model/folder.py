"""The folder of a finished model: good or not, made whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from embedding_model.failure import BuildFailed

CARD = "model.json"
INT8_MODEL = "model_int8.onnx"
FP32_MODEL = "model_fp32.onnx"
TOKENIZER = "tokenizer.json"
OURS = {CARD, INT8_MODEL, FP32_MODEL, TOKENIZER}


def is_good(folder: Path, *, with_fp32: bool = False) -> bool:
    """Whether every file is there with the content that the card vouches for."""
    needed = {INT8_MODEL, TOKENIZER} | ({FP32_MODEL} if with_fp32 else set())
    try:
        files = json.loads((folder / CARD).read_text("utf-8"))["files"]
        return needed <= set(files) and all(
            sha256(folder / name) == entry["sha256"] for name, entry in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def working_folder(out: Path) -> Iterator[Path]:
    """A folder beside `out`, on the same disk, removed in any case; one build at a time."""
    _refuse_strangers(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(out.parent, os.O_RDONLY)
    try:
        # The lock is on the parent itself: no lock file is left, and it dies with its process.
        fcntl.flock(handle, fcntl.LOCK_EX)
        work = out.parent / f".{out.name}.building"
        shutil.rmtree(work, ignore_errors=True)
        try:
            work.mkdir()
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        os.close(handle)


def publish(model: Path, out: Path) -> None:
    """Move the finished model to its place in one step, or leave what was there."""
    _refuse_strangers(out)
    aside = model.parent / "before"
    if out.exists():
        out.rename(aside)
    try:
        model.rename(out)
    except OSError:
        if aside.exists():
            aside.rename(out)
        raise


def _refuse_strangers(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise BuildFailed(f"{out} is a file; name the folder that the embedding model goes to.")
    if out.is_dir() and not {each.name for each in out.iterdir()} <= OURS:
        raise BuildFailed(f"{out} holds other files; name a folder that is empty or not there yet.")
