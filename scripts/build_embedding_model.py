"""Get the local embedding model: `build_embedding_model.py --out data/models/minilm`.

Needs nothing but Python and pip. The tools that build the model live in a folder of their own
while it is built, and are gone afterwards. A second call finds the model and returns at once.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from embedding_model.failure import BuildFailed, explain
from embedding_model.folder import is_good, publish, working_folder
from embedding_model.sources import build_in_own_process, fetch_sources, install_tools

CANNOT_BUILD = 3


def main() -> int:
    """Exit code 0: the model is there. 3: it is not, and the printed sentence says why."""
    options = _options()
    signal.signal(signal.SIGTERM, _leave)
    try:
        if is_good(options.out, with_fp32=options.keep_fp32):
            print(f"The embedding model is in {options.out}.")
        else:
            _build(options.out.absolute(), options.keep_fp32, options.verbose)
    except (BuildFailed, OSError) as failure:
        print(explain(failure, options.out), file=sys.stderr)
        return CANNOT_BUILD
    except KeyboardInterrupt:
        return 130
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Get the local embedding model.")
    parser.add_argument("--out", type=Path, required=True, help="the folder it goes to")
    parser.add_argument("--keep-fp32", action="store_true", help="keep the exact model too (90 MB)")
    parser.add_argument("--verbose", action="store_true", help="show what pip says")
    return parser.parse_args()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    # As an exception, so that everything half-made is removed on the way out.
    raise KeyboardInterrupt


def _build(out: Path, keep_fp32: bool, verbose: bool) -> None:
    started = time.monotonic()
    with working_folder(out) as work:
        if is_good(out, with_fp32=keep_fp32):
            # Another start was building it while this one waited for its turn.
            return
        print("Getting the embedding model (84 MB, once) …", flush=True)
        fetch_sources(work, verbose)
        print("Getting the tools that convert it (for this build only) …", flush=True)
        install_tools(work, verbose)
        print("Converting it to 8 bits and comparing it with the original …", flush=True)
        build_in_own_process(work, keep_fp32)
        publish(work / "model", out)
    print(f"The embedding model is in {out} ({time.monotonic() - started:.0f} s).")


if __name__ == "__main__":
    sys.exit(main())
