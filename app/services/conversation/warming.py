"""Loading what is heavy when the first visitor comes, so that the first question need not wait."""

from __future__ import annotations

import gc
import threading

import structlog
from flask import Flask

from app.adapters import adapters
from app.services.answering import generating
from app.services.search import retrieval

log = structlog.get_logger(__name__)
WARMED = "warmed_up"
# The collector's own pace suits scripts: it looks at everything a process has several times a
# second under load, a tenth of an answer's time and pauses that every socket feels.
COLLECT_AFTER = (20_000, 10, 10)


def warm_up_once(app: Flask) -> None:
    """In the background, and once a process. What cannot be loaded says so when it is used."""
    if app.extensions.get(WARMED) or not app.config["FRONTDESK"].warms_up:
        return
    app.extensions[WARMED] = True
    threading.Thread(target=_warm_up, args=[app], name="warm-up", daemon=True).start()


def _warm_up(app: Flask) -> None:
    with app.app_context():
        try:
            retrieval.warm_up()
            if adapters.language_models:
                generating.warm_up()
        except Exception:
            log.exception("warm_up_failed")
    _stop_looking_at_what_stays()


def _stop_looking_at_what_stays() -> None:
    """What has been loaded by now, libraries above all, is never given back."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
