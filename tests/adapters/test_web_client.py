"""Fetching what somebody names by address, and never anything of our own network (O6)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.adapters import web_client
from app.adapters.web_client import PublicWeb, Refused
from app.errors import ProviderError

PUBLIC = "93.184.215.14"


class Site:
    """A real server on this machine; `pages` says what each path does."""

    def __init__(self) -> None:
        self.pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, self.headers.get("Host", "")))
                site.pages.get(self.path, text("Hello"))(self)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """A client that hung up is what some tests want."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def url(self, path: str = "/") -> str:
        return f"http://shop.example.com:{self.port}{path}"

    @property
    def host(self) -> str:
        return f"shop.example.com:{self.port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def text(body: str, media_type: str = "text/html; charset=utf-8", status: int = 200) -> Any:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", media_type)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return answer


def redirect(to: str, status: int = 302) -> Any:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Location", to)
        handler.end_headers()

    return answer


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def names(known: dict[str, list[str]]) -> Callable[[str, int], list[str]]:
    """What a name server answers; what it does not know is looked up as the system would."""
    return lambda host, port: known.get(host) or web_client.resolve(host, port)


@pytest.fixture
def web(site: Site) -> PublicWeb:
    """The shop is opened on purpose: it is the only way to a server on this machine."""
    resolver = names({"shop.example.com": ["127.0.0.1"], "public.example.com": [PUBLIC]})
    return PublicWeb(resolver, frozenset({site.host}))


# Pages


def test_a_page_is_fetched_with_its_kind_and_under_its_own_name(site: Site, web: PublicWeb) -> None:
    found = web.get(site.url("/about?x=1"))
    assert (found.body, found.media_type) == (b"Hello", "text/html")
    assert site.asked == [("/about?x=1", site.host)]


def test_a_redirect_is_followed_and_the_last_address_is_told(site: Site, web: PublicWeb) -> None:
    site.pages["/old"] = redirect("../new/page", 301)
    assert web.get(site.url("/old")).url == site.url("/new/page")


def test_a_redirect_that_goes_round_and_round_ends(site: Site, web: PublicWeb) -> None:
    site.pages["/a"], site.pages["/b"] = redirect("/b"), redirect("/a", 308)
    with pytest.raises(ProviderError, match="redirects too often") as caught:
        web.get(site.url("/a"))
    assert caught.value.permanent
    assert len(site.asked) == web_client.MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(401, True), (403, True), (404, True), (410, True), (429, False), (500, False), (503, False)],
)
def test_a_refusal_says_whether_asking_again_could_help(
    site: Site, web: PublicWeb, status: int, permanent: bool
) -> None:
    site.pages["/"] = text("no", status=status)
    with pytest.raises(ProviderError, match=f"The page answers {status}") as caught:
        web.get(site.url())
    assert caught.value.permanent is permanent


def test_a_server_that_is_not_there_may_come_back(site: Site, web: PublicWeb) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    gone = PublicWeb(lambda *_: ["127.0.0.1"], frozenset({f"shop.example.com:{port}"}))
    with pytest.raises(ProviderError, match="does not answer") as caught:
        gone.get(f"http://shop.example.com:{port}/")
    assert not caught.value.permanent


def test_a_name_that_is_none_is_said_in_a_sentence(web: PublicWeb) -> None:
    for url in ("http://a..b/", f"http://{'a' * 70}.example/", "http://nowhere.invalid/"):
        with pytest.raises(ProviderError):
            web.get(url)


# Too much, too slow


def impatient(site: Site, seconds: float = 0.5, most_bytes: int = 100_000) -> PublicWeb:
    resolver = names({"shop.example.com": ["127.0.0.1"]})
    return PublicWeb(resolver, frozenset({site.host}), seconds=seconds, most_bytes=most_bytes)


def drip(*, headers: bool) -> Any:
    """A byte at a time, for ten seconds."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"X-Slow: " if headers else b"\r\n"))
        for _ in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize("headers", [True, False], ids=["headers", "body"])
def test_O6_a_page_that_drips_is_cut_when_its_time_is_up(site: Site, headers: bool) -> None:
    site.pages["/"] = drip(headers=headers)
    began = time.monotonic()
    with pytest.raises(ProviderError, match="too long") as caught:
        impatient(site).get(site.url())
    assert time.monotonic() - began < 2
    assert not caught.value.permanent


def test_O6_a_server_that_says_nothing_is_left_when_the_time_is_up(site: Site) -> None:
    site.pages["/"] = lambda _: time.sleep(3)
    began = time.monotonic()
    with pytest.raises(ProviderError):
        impatient(site).get(site.url())
    assert time.monotonic() - began < 2


def test_O6_redirects_share_one_time(site: Site) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        redirect("/")(handler)

    site.pages["/"] = slow
    began = time.monotonic()
    with pytest.raises(ProviderError):
        impatient(site).get(site.url())
    assert time.monotonic() - began < 1.5


def test_O6_a_page_that_is_too_large_is_cut(site: Site) -> None:
    sent = 0

    def endless(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(2_000):
            handler.wfile.write(b"x" * 10_000)
            sent += 10_000

    site.pages["/"] = endless
    with pytest.raises(ProviderError, match="larger than") as caught:
        impatient(site, seconds=5).get(site.url())
    assert caught.value.permanent
    assert sent < 20_000_000


# Our own network

PRIVATE = [
    *("127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "169.254.0.1", "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1"),
    *("192.0.2.1", "198.18.0.1", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"),
    *("2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::", "64:ff9b::a9fe:a9fe"),
    *("64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2001:db8::1", "2001:0:7f00:1::", "not an address"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_O6_a_name_that_leads_inside_is_refused(address: str) -> None:
    web = PublicWeb(lambda *_: [address])
    for ask in (web.check, web.get):
        with pytest.raises(Refused, match="inside a private network") as caught:
            ask("https://innocent.example.com/")
        assert caught.value.permanent


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "2002:101:101::"])
def test_a_name_that_leads_outside_is_fine(address: str) -> None:
    PublicWeb(lambda *_: [address]).check("https://shop.example.com/")


def test_O6_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(Refused):
        PublicWeb(lambda *_: [PUBLIC, "10.0.0.1"]).check("https://shop.example.com/")
    with pytest.raises(Refused):
        PublicWeb(lambda *_: []).check("https://shop.example.com/")


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0"),
        *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "2852039166", "127.0.0.1."),
    ],
)
def test_O6_no_way_of_writing_an_inner_address_gets_through(host: str) -> None:
    """With the real resolver, since it is the one that knows all these spellings."""
    with pytest.raises(ProviderError) as caught:
        PublicWeb().get(f"http://{host}/")
    assert caught.value.permanent


def test_O6_a_name_that_changes_its_mind_changes_nothing(site: Site) -> None:
    """What was looked at is what is connected to: nobody asks a second time."""
    answers = [["127.0.0.1"], ["10.255.255.1"], ["10.255.255.1"]]
    asked: list[str] = []

    def turning(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    web = PublicWeb(turning, frozenset({site.host}))
    assert web.get(site.url()).body == b"Hello"
    assert asked == ["shop.example.com"]


def test_O6_a_redirect_to_a_name_that_has_turned_private_is_refused(
    site: Site,
) -> None:
    site.pages["/"] = redirect("http://turning.example.com/secret")
    known = {"shop.example.com": ["127.0.0.1"], "turning.example.com": ["127.0.0.1"]}
    with pytest.raises(Refused):
        PublicWeb(names(known), frozenset({site.host})).get(site.url())


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "//10.0.0.1/",
        "http://[::1]/",
        "http://2130706433/",
        "https://public.example.com:22/",
        "file:///etc/passwd",
        "gopher://public.example.com/",
        "javascript:alert(1)",
        "http://me:secret@public.example.com/",
        "http://public.example.com:99999999/",
        "http://[::1",
        "http://\x00/",
        "http://a b/",
    ],
)
def test_O6_a_redirect_inside_or_to_nonsense_is_refused(
    site: Site, web: PublicWeb, target: str
) -> None:
    site.pages["/"] = redirect(target.replace("\x00", "%00"))
    with pytest.raises(ProviderError) as caught:
        web.get(site.url())
    assert caught.value.permanent
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "ftp://public.example.com/", "file:///etc/passwd", "data:text/plain,x"),
        *("http://", "https:///path", "//public.example.com", "http://[::1", "http://x:port/"),
        *("http://x:99999/", "dict://public.example.com:11211/stats", "\x00", "http://\ud800/"),
    ],
)
def test_O6_what_is_no_web_address_is_refused(web: PublicWeb, url: str) -> None:
    with pytest.raises(ProviderError) as caught:
        web.check(url)
    assert caught.value.permanent


@pytest.mark.parametrize(
    "url",
    [
        "http://me:pw@public.example.com/",
        "http://me@public.example.com/",
        "http://@public.example.com/",
    ],
)
def test_O6_a_user_name_in_the_address_is_refused(web: PublicWeb, url: str) -> None:
    with pytest.raises(Refused, match="user name"):
        web.check(url)


@pytest.mark.parametrize("port", [21, 22, 25, 5432, 6379, 8000, 9200, 11211])
def test_O6_a_port_that_is_not_the_webs_is_refused(web: PublicWeb, port: int) -> None:
    with pytest.raises(Refused, match="ordinary web addresses"):
        web.check(f"http://public.example.com:{port}/")
    for usual in ("", ":80", ":443", ":8080", ":8443"):
        web.check(f"http://public.example.com{usual}/")


def test_what_an_operator_has_opened_is_only_that_host_and_port(site: Site, web: PublicWeb) -> None:
    web.check(site.url())
    for other in (f"http://shop.example.com:{site.port + 1}/", "http://shop.example.com/"):
        with pytest.raises(Refused):
            web.check(other)
