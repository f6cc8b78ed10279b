"""A real browser for the end-to-end tests: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

# Chromium's sandbox does not run as root, and a test machine has no business calling home.
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def launched_browser() -> Iterator[Browser]:
    """Playwright's own browser builds are not needed: an installed Chromium of any kind will do."""
    program = chromium_path()
    if program is None:
        raise FileNotFoundError("No Chromium in PATH, nor at CHROMIUM_PATH.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def chromium_path() -> Path | None:
    """Where Chromium is: CHROMIUM_PATH if set, or the first of its usual names in PATH."""
    chosen = os.environ.get("CHROMIUM_PATH")
    for name in (chosen,) if chosen else NAMES:
        if found := shutil.which(name):
            return Path(found)
    return None
