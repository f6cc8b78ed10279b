"""A cable between a browser and a server, which can be pulled without either of them being told."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

PIECE = 65_536


class Cable:
    """Carries bytes both ways for as long as it is plugged in; new connections wait meanwhile."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._plugged = threading.Event()
        self._plugged.set()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def pull(self) -> None:
        """Nothing gets through any more; whoever waits, waits."""
        self._plugged.clear()

    def plug_in(self) -> None:
        """What was cut stays cut, as after a night in a bag; new connections get through."""
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._plugged.set()

    def lead_to(self, port: int) -> None:
        """Whoever comes from now on gets through to another server."""
        self._port = port

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._listener.close()
        self.plug_in()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                browser, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=[browser], daemon=True).start()

    def _connect(self, browser: socket.socket) -> None:
        self._plugged.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self._port))
        except OSError:
            # Nobody is there: the browser is told so, and tries again.
            browser.close()
            return
        self._open |= {browser, server}
        back = threading.Thread(target=self._carry, args=[server, browser], daemon=True)
        back.start()
        self._carry(browser, server)
        back.join()
        self._open -= {browser, server}
        browser.close()
        server.close()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(PIECE):
                if not self._plugged.is_set():
                    continue
                other.sendall(piece)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)
