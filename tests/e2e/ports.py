"""A free port for a server that a test starts."""

from __future__ import annotations

import random
import socket

# Below the range that the kernel hands to outgoing connections, one of which could take it first.
LOWEST, HIGHEST = 20_000, 32_000


def free_port() -> int:
    for port in random.sample(range(LOWEST, HIGHEST), 200):
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"No port between {LOWEST} and {HIGHEST} is free.")
