"""A bounded memory of what was used last; what it forgets can always be made again."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """At most so many values. It takes no lock: each step is whole by itself, in any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        value = self._values.get(key)
        if value is not None:
            try:
                self._values.move_to_end(key)
            except KeyError:
                # Somebody else has just made room; the value is good all the same.
                return value
        return value

    def put(self, key: K, value: V) -> None:
        self._values[key] = value
        while len(self._values) > self._most:
            try:
                self._values.popitem(last=False)
            except KeyError:
                return

    def remove(self, key: K) -> None:
        self._values.pop(key, None)
