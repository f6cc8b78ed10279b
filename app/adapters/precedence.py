"""Letting others go first: whoever has nothing to read yet comes before those who read already."""

from __future__ import annotations

from app.adapters.native_work import runs_under_gevent

# About as many as it takes from a message to the first sentence of its answer.
ROUNDS = 12
# More than nothing: else the loop would not look at its sockets in between.
A_ROUND = 1e-9


def give_way() -> None:
    """Under gevent all share one loop: let each of the others have so many turns before this one.

    Where nobody else has anything to do, that takes no time.
    """
    if runs_under_gevent():
        import gevent

        for _ in range(ROUNDS):
            gevent.sleep(A_ROUND)
