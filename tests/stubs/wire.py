"""A wire to a service that a test can cut, or let go silent."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from typing import Self

TICK = 0.02


class Wire:
    """Passes bytes on between whoever comes and the service at `host`:`port`."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._cut = self._silent = self._closed = False
        self._rounds = 0
        self._thread = threading.Thread(target=self._pass_on)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._thread.join()
        self._hang_up()
        self._listener.close()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def cut(self) -> None:
        """Whoever is connected is thrown out, and whoever comes too."""
        self._cut = True
        self._let_that_sink_in()

    def fall_silent(self) -> None:
        """Whoever comes is welcome, and never hears a word."""
        self._silent = True
        self._let_that_sink_in()

    def mend(self) -> None:
        self._cut = self._silent = False

    def _let_that_sink_in(self) -> None:
        """What is under way when it is told is still passed on; nothing is afterwards."""
        rounds = self._rounds
        while self._rounds < rounds + 2:
            time.sleep(TICK)

    def _pass_on(self) -> None:
        while not self._closed:
            self._rounds += 1
            if self._cut:
                self._hang_up()
            with selectors.DefaultSelector() as selector:
                selector.register(self._listener, selectors.EVENT_READ)
                for one, other in [] if self._silent else self._pairs:
                    selector.register(one, selectors.EVENT_READ, other)
                    selector.register(other, selectors.EVENT_READ, one)
                for key, _ in selector.select(TICK):
                    self._serve(key)

    def _serve(self, key: selectors.SelectorKey) -> None:
        if key.fileobj is self._listener:
            self._welcome(self._listener.accept()[0])
            return
        source, target = key.fileobj, key.data
        with contextlib.suppress(OSError):
            if content := source.recv(65_536):  # type: ignore[union-attr]
                target.sendall(content)
                return
        self._drop(source)

    def _welcome(self, caller: socket.socket) -> None:
        if self._cut:
            caller.close()
            return
        self._pairs.append((caller, socket.create_connection(self._target)))

    def _drop(self, end: object) -> None:
        for pair in [pair for pair in self._pairs if end in pair]:
            self._pairs.remove(pair)
            for one in pair:
                one.close()

    def _hang_up(self) -> None:
        for one, _ in list(self._pairs):
            self._drop(one)
