"""What is wrong with a page as somebody meets it: for axe, by its width, on its console."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import ConsoleMessage, Page

THEMES = ("light", "dark")
SCREENS = {"desktop": (1440, 900), "phone": (390, 844)}
WIDTHS = (360, 768, 1024)
# Where a mouse is likely: it does not scroll sideways, so nothing may lie beyond a box's edge.
ROOMY = (1024, 1280)
# Colours are all that a theme changes, so only they are looked at a second time.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SPILLS = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && box.right > room + 1 && getComputedStyle(one).position !== "fixed";
  });
  return ["the page", ...wide.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))];
}"""


CUT_OFF = """() => [...document.body.querySelectorAll("*")].filter((one) => {
  const scrolls = ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
  if (!scrolls || one.clientWidth < 60 || one.closest("pre, textarea")) return false;
  return one.scrollWidth > one.clientWidth + 1;
}).map((one) => one.outerHTML.slice(0, 120))"""


class Complaints:
    """What a page writes to the console, throws, or asks for in vain."""

    def __init__(self, page: Page) -> None:
        self._lines: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self._lines.append(f"thrown: {error}"))

    def all_but(self, *known: str) -> list[str]:
        """Those that name none of the addresses that are known to refuse."""
        return [line for line in self._lines if not any(one in line for one in known)]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._lines.append(f"{message.text} ({message.location.get('url', '')})")


def flaws(page: Page) -> list[str]:
    """Everything that axe finds, on every screen in every theme, and what spills over."""
    page.evaluate(AXE_SCRIPT)
    return [*_findings_everywhere(page), *spills(page)]


def everything_wrong_with(page: Page) -> list[str]:
    """What axe finds as the page is now: a menu would close if the window changed its size."""
    page.evaluate(AXE_SCRIPT)
    return _findings(page, {"type": "tag", "values": TAGS})


def spills(page: Page) -> Iterator[str]:
    """What makes the page scroll sideways, down to the narrowest phone."""
    for width in WIDTHS:
        _resize(page, (width, 740))
        for one in page.evaluate(SPILLS):
            yield f"wider than {width} px: {one}"
    for width in ROOMY:
        _resize(page, (width, 740))
        for one in page.evaluate(CUT_OFF):
            yield f"cut off at {width} px: {one}"


def _findings_everywhere(page: Page) -> Iterator[str]:
    for screen, size in SCREENS.items():
        _resize(page, size)
        for number, theme in enumerate(THEMES):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            rules = {"type": "tag", "values": TAGS}
            if number:
                rules = {"type": "rule", "values": COLOUR_RULES}
            for finding in _findings(page, rules):
                yield f"{screen}, {theme}: {finding}"


def _findings(page: Page, rules: dict[str, Any]) -> list[str]:
    _let_motion_end(page)
    options = {"resultTypes": ["violations"], "runOnly": rules}
    found = page.evaluate("options => axe.run(options)", options)
    return [
        f"{violation['id']} at {node['target']}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def _resize(page: Page, size: tuple[int, int]) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})


def _let_motion_end(page: Page) -> None:
    """A colour that is on its way to another would be measured in between."""
    # One that gives way to another is over too.
    over = "Promise.allSettled(document.getAnimations().map((one) => one.finished))"
    page.evaluate(f"{over}.then(() => null)")
