"""Taking in every page of a sitemap: as a job, page by page, whatever comes between."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import jobs
from app.adapters import Adapters
from app.adapters.text_extraction import FakeExtraction
from app.adapters.web_client import WebAnswer
from app.errors import ProviderError
from app.extensions import db
from app.models import Document, Sitemap
from tests.cast import Cast, assemble
from tests.fakes import NoWeb, fakes
from tests.shelf import Killed, at_every_step, killed_at

MAP = "https://example.com/sitemap.xml"
PAGES = [f"https://example.com/birds/{number}" for number in range(5)]
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


class Web(NoWeb):
    """`trouble` names addresses that fail, and how."""

    def __init__(self) -> None:
        super().__init__()
        self.trouble: dict[str, ProviderError] = {}
        self.asked: list[str] = []

    def get(self, url: str) -> WebAnswer:
        self.asked.append(url)
        if url in self.trouble:
            raise self.trouble[url]
        return super().get(url)


@pytest.fixture
def adapters() -> Adapters:
    chosen = fakes()
    chosen.text_extraction = FakeExtraction()
    chosen.web_client = Web()
    return chosen


@pytest.fixture
def web(adapters: Adapters) -> Web:
    """Five pages and the sitemap that lists them."""
    web = adapters.web_client
    assert isinstance(web, Web)
    web.pages[MAP] = WebAnswer(MAP, "application/xml", listing(*PAGES))
    for number, url in enumerate(PAGES):
        body = f"<html><title>Bird {number}</title><body><p>Heron number {number}.</p></body>"
        web.pages[url] = WebAnswer(url, "text/html", body.encode())
    return web


def listing(*addresses: str) -> bytes:
    rows = "".join(f"<url><loc>{each}</loc></url>" for each in addresses)
    return f"<?xml version='1.0'?><urlset {XMLNS}>{rows}</urlset>".encode()


def index(*addresses: str) -> bytes:
    rows = "".join(f"<sitemap><loc>{each}</loc></sitemap>" for each in addresses)
    return f"<sitemapindex {XMLNS}>{rows}</sitemapindex>".encode()


def give(cast: Cast, url: str = MAP, category: str = "Birds") -> dict[str, Any]:
    body = {"url": url, "sitemap": True, "category": category}
    answer = cast.owner.post("/api/documents/page", body)
    assert answer.status_code == 202, answer.json
    assert answer.json["items"] == []
    given: dict[str, Any] = answer.json["sitemap"]
    return given


def work(cast: Cast) -> None:
    cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]


def shown(cast: Cast) -> dict[str, Any]:
    [item] = cast.agent.get("/api/sitemaps").json["items"]
    found: dict[str, Any] = item
    return found


def outcome(cast: Cast) -> tuple[Any, ...]:
    item = shown(cast)
    return item["status"], item["added"], item["renewed"], item["refused"]


def titles(cast: Cast) -> list[str]:
    items = cast.owner.get("/api/documents?limit=100").json["items"]
    return sorted(each["title"] for each in items)


def later(cast: Cast) -> None:
    """Let the time pass that a back-off waits, and what is due go on."""
    with cast.owner.app.app_context():
        for row in db.session.scalars(select(Sitemap)):
            row.due_at = row.created_at
        db.session.commit()
        jobs.sweep()
    work(cast)


def test_the_request_fetches_nothing_and_the_job_takes_every_page(cast: Cast, web: Web) -> None:
    given = give(cast)
    assert (given["status"], given["total"], given["done"]) == ("queued", 0, 0)
    assert web.asked == []
    work(cast)
    assert outcome(cast) == ("done", 5, 0, 0)
    assert titles(cast) == [f"Bird {number}" for number in range(5)]
    documents = cast.owner.get("/api/documents").json["items"]
    assert {(each["status"], each["category"]) for each in documents} == {("ready", "Birds")}
    entries = cast.owner.get("/api/admin/audit").json["items"]
    assert {e["summary"].split()[0] for e in entries if e["action"] == "document.added"} == {
        "Olivia"
    }


def test_its_progress_can_be_watched(cast: Cast, adapters: Adapters, web: Web) -> None:
    give(cast)
    seen: list[tuple[str, int, int]] = []

    def look(_: str) -> None:
        # A request of its own, not one within the job's.
        with cast.owner.app.app_context():
            item = shown(cast)
        seen.append((item["status"], item["done"], item["total"]))

    with at_every_step(adapters, look):
        work(cast)
    assert list(dict.fromkeys(status for status, _, _ in seen)) == [
        *("queued", "listing", "adding", "done")
    ]
    assert list(dict.fromkeys(done for _, done, _ in seen)) == list(range(6))
    assert {total for status, _, total in seen if status in {"adding", "done"}} == {5}


def test_what_became_of_it_stands_on_the_documents_page(cast: Cast, web: Web) -> None:
    give(cast)
    page = cast.admin.get("/dashboard/documents").get_data(as_text=True)
    assert MAP in page
    assert "Waiting" in page
    work(cast)
    page = cast.admin.get("/dashboard/documents").get_data(as_text=True)
    assert "5 pages added" in page
    assert cast.owner.delete(f"/api/sitemaps/{shown(cast)['id']}").status_code == 204
    assert MAP not in cast.admin.get("/dashboard/documents").get_data(as_text=True)
    assert len(titles(cast)) == 5


def test_after_a_crash_at_any_step_no_page_is_missing_or_taken_twice(
    app: Flask, adapters: Adapters, web: Web
) -> None:
    cast = assemble(app, adapters)
    for number in range(1, 40):
        given = give(cast)
        try:
            with at_every_step(adapters, killed_at(number)):
                work(cast)
            survived = True
        except Killed:
            survived = False
            with app.app_context():
                db.session.rollback()
                jobs.forget_leases()
                jobs.sweep()
            work(cast)
        assert outcome(cast) == ("done", 5, 0, 0), number
        documents = cast.owner.get("/api/documents").json["items"]
        assert [each["version"] for each in documents] == [1] * 5, number
        if survived:
            break
        cast.owner.delete(f"/api/sitemaps/{given['id']}")
        for each in documents:
            cast.owner.delete(f"/api/documents/{each['id']}")
        work(cast)
    assert number > 8


def test_a_page_that_is_known_is_fetched_again(cast: Cast, web: Web) -> None:
    cast.owner.post("/api/documents/page", {"url": PAGES[2]})
    give(cast)
    work(cast)
    assert outcome(cast) == ("done", 4, 1, 0)
    assert len(titles(cast)) == 5


def test_O6_an_address_inside_our_network_does_not_cost_the_others(cast: Cast, web: Web) -> None:
    inside = "https://private.example.com/secret"
    web.pages[MAP] = WebAnswer(MAP, "text/xml", listing(PAGES[0], inside, PAGES[1]))
    give(cast)
    work(cast)
    assert outcome(cast) == ("done", 2, 0, 1)
    assert shown(cast)["note"] == f"{inside}: That is an address inside a private network."
    assert inside not in web.asked


def test_O6_a_sitemap_inside_our_network_is_refused_at_once(cast: Cast, web: Web) -> None:
    body = {"url": "https://private.example.com/sitemap.xml", "sitemap": True}
    answer = cast.owner.post("/api/documents/page", body)
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["url"])
    assert cast.owner.get("/api/sitemaps").json["items"] == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html><body>Not here<br></body></html>", "This is not a sitemap"),
        (b"\x1f\x8bbroken", "This is not a sitemap"),
        (listing(), "This sitemap lists no pages."),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><urlset>&a;</urlset>', "This is not a sitemap"),
    ],
)
def test_what_is_no_sitemap_says_so_and_can_be_tried_again(
    cast: Cast, web: Web, body: bytes, said: str
) -> None:
    whole = web.pages[MAP]
    web.pages[MAP] = WebAnswer(MAP, "text/html", body)
    given = give(cast)
    work(cast)
    assert outcome(cast)[0] == "failed"
    assert said in shown(cast)["error"]
    assert said in cast.admin.get("/dashboard/documents").get_data(as_text=True)
    web.pages[MAP] = whole
    assert cast.admin.post(f"/api/sitemaps/{given['id']}/retry").status_code == 202
    work(cast)
    assert outcome(cast) == ("done", 5, 0, 0)
    assert cast.admin.post(f"/api/sitemaps/{given['id']}/retry").status_code == 409


def test_a_server_that_is_away_is_waited_for_but_not_for_ever(cast: Cast, web: Web) -> None:
    web.trouble[MAP] = ProviderError("example.com does not answer.")
    give(cast)
    work(cast)
    item = shown(cast)
    assert (item["status"], item["error"]) == (
        "listing",
        "Waiting to try again: example.com does not answer.",
    )
    for _ in range(7):
        later(cast)
    assert (shown(cast)["status"], shown(cast)["error"]) == (
        "failed",
        "example.com does not answer.",
    )


def test_a_sitemap_of_sitemaps_is_followed_and_one_that_is_gone_does_not_cost_the_others(
    cast: Cast, web: Web
) -> None:
    gone, first = "https://example.com/gone.xml", "https://example.com/first.xml.gz"
    web.pages[MAP] = WebAnswer(MAP, "text/xml", index(gone, first))
    web.pages[first] = WebAnswer(first, "application/gzip", gzip.compress(listing(*PAGES)))
    give(cast)
    work(cast)
    assert outcome(cast) == ("done", 5, 0, 0)
    assert shown(cast)["note"] == f"{gone}: The page answers 404."


def test_one_that_is_under_way_is_not_begun_again(cast: Cast, web: Web) -> None:
    assert give(cast)["id"] == give(cast)["id"]
    work(cast)
    assert outcome(cast) == ("done", 5, 0, 0)


def test_too_many_at_once_are_refused_in_words(cast: Cast, web: Web) -> None:
    for number in range(10):
        give(cast, f"{MAP}?{number}")
    answer = cast.owner.post("/api/documents/page", {"url": MAP, "sitemap": True})
    assert answer.status_code == 409
    assert "10 sitemaps" in answer.json["error"]["message"]


def test_one_that_is_put_aside_while_it_runs_stops(
    cast: Cast, adapters: Adapters, web: Web
) -> None:
    given = give(cast)

    def put_aside(_: str) -> None:
        with cast.owner.app.app_context():
            if len(db.session.scalars(select(Document)).all()) == 2:
                cast.owner.delete(f"/api/sitemaps/{given['id']}")

    with at_every_step(adapters, put_aside):
        work(cast)
    assert cast.owner.get("/api/sitemaps").json["items"] == []
    assert len(titles(cast)) == 2
