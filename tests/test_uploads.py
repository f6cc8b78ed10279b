"""What people and attackers upload: each ends in a clear word, and nothing is left behind."""

from __future__ import annotations

import io
import json
import re
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.adapters import Adapters
from app.adapters.file_storage import FsspecStorage
from app.adapters.text_extraction import ReadingLimits, ReadingProcess
from app.services.knowledge import submissions
from tests.cast import Cast, Person
from tests.e2e.patience import wait_for
from tests.e2e.server import Server, running
from tests.fakes import fakes
from tests.reading import papers

PAGE = papers.pdf(papers.lines("Tea is served at four o'clock in the garden."))
SLOW = papers.raw_pdf(
    b"BT /F1 10 Tf 50 700 Td (Before.) Tj ET",
    b"BT /F1 10 Tf 50 700 Td (Slow.) Tj ET" + b" 1 0 0 1 0 0 cm" * 4_000_000,
    b"BT /F1 10 Tf 50 700 Td (After.) Tj ET",
)
SQLITE_ALONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MIB = 1024 * 1024


@pytest.fixture
def adapters(tmp_path: Path) -> Adapters:
    """Files are really files here, and really read by another process."""
    chosen = fakes()
    chosen.file_storage = FsspecStorage(str(tmp_path / "files"))
    return chosen


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def upload(person: Person, *given: tuple[str, bytes], **form: str) -> Any:
    files = [(io.BytesIO(content), name) for name, content in given]
    return person.post("/api/documents", data={"file": files, **form})


def learned(cast: Cast, name: str, content: bytes, **form: str) -> dict[str, Any]:
    """The document as the API shows it when learning has ended."""
    answer = upload(cast.owner, (name, content), **form)
    assert answer.status_code == 202, answer.json
    document_id = answer.json["items"][0]["document"]["id"]
    cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]
    shown: dict[str, Any] = cast.owner.get(f"/api/documents/{document_id}").json
    return shown


def docx(text: str = "Tea is served at four.") -> bytes:
    import docx as library

    document = library.Document()
    document.add_heading("The house", 1)
    document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def docx_bomb() -> bytes:
    """A few hundred kilobytes that grow to 400 MB."""
    original = zipfile.ZipFile(io.BytesIO(docx()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb:
        for entry in original.infolist():
            content = original.read(entry)
            if entry.filename == "word/document.xml":
                content = content.replace(b"Tea", b"T" * (400 * MIB))
            bomb.writestr(entry.filename, content)
    return buffer.getvalue()


# Every kind


@SQLITE_ALONE
def test_every_kind_of_file_is_learned(cast: Cast, folder: Path) -> None:
    kinds = {
        "a.pdf": PAGE,
        "b.docx": docx(),
        "c.md": b"# House\n\nTea is served at four.",
        "d.html": b"<!doctype html><title>House</title><p>Tea is served at four.",
        "e.txt": b"Tea is served at four, they say.",
        "f.csv": b"what,when\nTea is served,at four\n",
    }
    answer = upload(cast.owner, *kinds.items())
    assert answer.status_code == 202
    assert [item["outcome"] for item in answer.json["items"]] == ["added"] * len(kinds)
    cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]
    documents = cast.owner.get("/api/documents").json["items"]
    assert {
        each["file_name"]: (each["status"], each["error"]) for each in documents
    } == dict.fromkeys(kinds, ("ready", ""))
    found = cast.agent.get("/api/knowledge/search?q=when+is+tea+served").json["results"]
    assert len({each["document_id"] for each in found}) == len(kinds)
    assert len(files_in(folder)) == len(kinds)


@SQLITE_ALONE
def test_category_and_facts_are_kept_with_the_file(cast: Cast) -> None:
    shown = learned(
        cast, "a.txt", b"Tea.", title="Tea", category="Food", attributes=json.dumps({"lang": "en"})
    )
    assert (shown["title"], shown["category"], shown["attributes"]) == (
        "Tea",
        "Food",
        {"lang": "en"},
    )


@SQLITE_ALONE
def test_among_many_files_one_that_is_refused_does_not_cost_the_others(
    cast: Cast, folder: Path
) -> None:
    answer = upload(cast.owner, ("a.txt", b"Tea."), ("b.exe", b"MZ"), ("c.txt", b"Cake."))
    assert answer.status_code == 202
    assert [item["outcome"] for item in answer.json["items"]] == ["added", "refused", "added"]
    assert "cannot be read" in answer.json["items"][1]["error"]
    assert len(files_in(folder)) == 2


# Too large (U1)


@SQLITE_ALONE
def test_U1_a_file_above_the_limit_is_refused_and_not_kept(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submissions, "MOST_BYTES", MIB)
    answer = upload(cast.owner, ("long.txt", b"x" * (MIB + 1)))
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")
    assert "larger than 1 MB" in answer.json["error"]["message"]
    assert files_in(folder) == []
    assert upload(cast.owner, ("fits.txt", b"x" * MIB)).status_code == 202


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"DEMO": "false", "EMBEDDINGS": "none"}
    with running(tmp_path_factory.mktemp("server"), **settings) as server:
        yield server


def signed_in(server: Server, name: str) -> httpx2.Client:
    client = httpx2.Client(base_url=server.url, timeout=30)
    body = {"email": f"{name}@example.com", "password": "correct horse battery staple"}
    body |= {"name": name, "organization": name}
    assert client.post("/api/auth/register", json=body).status_code == 201
    client.headers["X-CSRF-TOKEN"] = client.cookies["csrf_access_token"]
    return client


@contextmanager
def others_served(server: Server) -> Iterator[list[float]]:
    """Ask for something else all the while; how many seconds each answer took."""
    waits: list[float] = []
    over = threading.Event()

    def others() -> None:
        while not over.is_set():
            began = time.monotonic()
            assert server.status("/health") == 200
            waits.append(time.monotonic() - began)
            time.sleep(0.02)

    serving = threading.Thread(target=others)
    serving.start()
    try:
        yield waits
    finally:
        over.set()
        serving.join()


def multipart(size: int) -> Iterator[bytes]:
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    for _ in range(size // MIB):
        yield b"x" * MIB
    yield b"\r\n--b--\r\n"


@pytest.mark.slow
@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "unannounced"])
@pytest.mark.parametrize("path", ["/api/documents", "/dashboard/documents"])
def test_U1_three_hundred_megabytes_get_a_clear_answer_while_others_are_served(
    server: Server, path: str, chunked: bool
) -> None:
    """Not a connection that is cut off: the client reads the answer after all that it sent."""
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    if not chunked:
        headers["Content-Length"] = str(sum(len(part) for part in multipart(300 * MIB)))
    name = f"u{chunked}{path.strip('/').replace('/', '')}".lower()
    with closing(signed_in(server, name)) as client, others_served(server) as waits:
        answer = client.post(path, content=multipart(300 * MIB), headers=headers)
    assert answer.status_code == 413
    assert re.search(r"larger than we can take|too large|Too large", answer.text)
    assert max(waits) < 1.0
    assert files_in(server.data_dir / "files") == []


@pytest.mark.slow
def test_two_thousand_pages_are_learned_while_others_are_served(server: Server) -> None:
    manual = papers.manual(2_000)
    with closing(signed_in(server, "manual")) as client, others_served(server) as waits:
        answer = client.post("/api/documents", files={"file": ("manual.pdf", manual)})
        address = f"/api/documents/{answer.json()['items'][0]['document']['id']}"
        wait_for(lambda: client.get(address).json()["status"] in {"ready", "failed"}, "end", 90)
        shown = client.get(address).json()
        assert (shown["status"], shown["pages_done"], shown["error"]) == ("ready", 2_000, "")
        assert shown["passages_total"] >= 2_000
        assert client.delete(address).status_code == 204
        wait_for(lambda: not files_in(server.data_dir / "files"), "empty folder")
    assert max(waits) < 1.0


# What cannot be read (U2, U3, U4, U5)


@SQLITE_ALONE
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("locked.pdf", papers.pdf(papers.lines("Tea."), password="x"), "password-protected"),
        ("scan.pdf", papers.pdf(lambda canvas: canvas.rect(1, 1, 9, 9)), "looks like a scan"),
        ("torn.pdf", PAGE[: len(PAGE) // 2], "damaged"),
        ("empty.pdf", b"", "empty"),
        ("blank.txt", b" \n\n\t ", "empty"),
        ("text.pdf", b"This is only text.", "not a PDF"),
        ("picture.docx", b"\x89PNG\r\n\x1a\n" + b"0" * 99, "not a Word document"),
        ("pdf.txt", PAGE, "not a text file"),
        ("torn.docx", docx()[:-400], ""),
        ("archive.docx", b"PK\x03\x04" + b"0" * 200, "damaged"),
        ("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40, ""),
    ],
)
def test_U3_what_cannot_be_read_says_why_in_a_sentence(
    cast: Cast, folder: Path, name: str, content: bytes, said: str
) -> None:
    shown = learned(cast, name, content)
    assert shown["status"] == "failed"
    assert said in shown["error"]
    assert shown["error"].endswith(".")
    assert "Error" not in shown["error"]
    assert not shown["is_searchable"]
    page = cast.agent.get(f"/dashboard/documents/{shown['id']}").get_data(as_text=True)
    assert shown["error"].split(".")[0] in page.replace("&#39;", "'")
    assert cast.owner.delete(f"/api/documents/{shown['id']}").status_code == 204
    cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]
    assert files_in(folder) == []


@SQLITE_ALONE
def test_U2_a_pdf_that_takes_minutes_is_given_up_in_words(
    cast: Cast, folder: Path, adapters: Adapters
) -> None:
    adapters.text_extraction = ReadingProcess(ReadingLimits(page_seconds=90, wall_seconds=1.0))
    shown = learned(cast, "slow.pdf", SLOW)
    assert (shown["status"], shown["is_searchable"]) == ("failed", False)
    assert "took longer than 1 seconds to read" in shown["error"]
    assert cast.owner.delete(f"/api/documents/{shown['id']}").status_code == 204
    cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]
    assert files_in(folder) == []


@SQLITE_ALONE
def test_U2_a_page_that_takes_minutes_is_named_and_the_others_are_learned(
    cast: Cast, adapters: Adapters
) -> None:
    adapters.text_extraction = ReadingProcess(ReadingLimits(page_seconds=0.3))
    shown = learned(cast, "slow.pdf", SLOW)
    assert (shown["status"], shown["is_searchable"]) == ("ready", True)
    assert [each["page"] for each in shown["warnings"]] == [2]
    page = cast.agent.get("/dashboard/documents").get_data(as_text=True)
    assert "Ready, with 1 warning" in page


@SQLITE_ALONE
def test_U4_a_document_that_unpacks_to_hundreds_of_megabytes_is_refused(cast: Cast) -> None:
    bomb = docx_bomb()
    assert len(bomb) < 2 * MIB
    began = time.monotonic()
    shown = learned(cast, "bomb.docx", bomb)
    assert (shown["status"], "far larger than it may be" in shown["error"]) == ("failed", True)
    assert time.monotonic() - began < 5


@SQLITE_ALONE
def test_U5_a_document_does_not_make_us_read_or_fetch_anything(cast: Cast, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Cormorant-7431")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    page = f"{entity}<html><body><p>Tea &e;</p><iframe src='file://{secret}'></iframe>".encode()
    learned(cast, "page.html", page)
    original = zipfile.ZipFile(io.BytesIO(docx()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as changed:
        for entry in original.infolist():
            content = original.read(entry)
            if entry.filename == "word/document.xml":
                content = content.replace(b"<w:document", entity.encode() + b"<w:document", 1)
                content = content.replace(b"Tea", b"Tea &e;")
            changed.writestr(entry.filename, content)
    learned(cast, "entity.docx", buffer.getvalue())
    everything = cast.owner.get("/api/knowledge/search?q=tea+cormorant").get_data(as_text=True)
    assert "Cormorant" not in everything


# Kinds of files: U6


@SQLITE_ALONE
@pytest.mark.parametrize(
    "name",
    ["a.exe", "a.svg", "a.zip", "a.doc", "a.xlsx", "a", ".pdf", "a.pdf.exe", "a.tar.gz", "a.js"],
)
def test_U6_an_unknown_kind_is_refused_with_those_that_are_known(
    cast: Cast, folder: Path, name: str
) -> None:
    answer = upload(cast.owner, (name, b"x"))
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "unknown_kind")
    assert "PDF, Word (.docx), Markdown, HTML, plain text or CSV" in answer.json["error"]["message"]
    assert files_in(folder) == []
    assert cast.owner.get("/api/documents").json["items"] == []


@SQLITE_ALONE
def test_U6_an_original_is_only_ever_saved_and_never_shown(cast: Cast, folder: Path) -> None:
    content = b"<!doctype html><script>alert(document.cookie)</script><p>Tea."
    shown = learned(cast, "page.html", content)
    answer = cast.agent.get(f"/dashboard/documents/{shown['id']}/original")
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    [kept] = files_in(folder)
    assert re.fullmatch(r"[0-9a-f]{32}", kept.name)


# What files are called: U7

NAMES = {
    "../../etc/passwd.txt": "passwd.txt",
    "..\\..\\windows\\win.ini.txt": "win.ini.txt",
    "/absolute/path.txt": "path.txt",
    "C:\\fakepath\\guide.txt": "guide.txt",
    "invoice\u202etxt.exe.txt": "invoicetxt.exe.txt",
    "a\u200b\u2066b\u2069.txt": "ab.txt",
    "<script>alert(1)<.txt": "<script>alert(1)<.txt",
    '"quoted"; name=x.txt': '"quoted"; name=x.txt',
    "قائمة الطعام.txt": "قائمة الطعام.txt",
    "🍵 tea.txt": "🍵 tea.txt",
    "x" * 300 + ".txt": "x" * 196 + ".txt",
    "a\tb\r\nSet-Cookie: x.txt": "abSet-Cookie: x.txt",
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_U7_a_name_is_cut_down_to_what_it_may_be(name: str, expected: str) -> None:
    assert submissions.bare_name(name) == expected


@SQLITE_ALONE
def test_U7_no_name_does_harm_on_screen_in_headers_or_on_disk(cast: Cast, folder: Path) -> None:
    # Our test client sends quotes and line breaks raw, which no browser does: they never arrive.
    names = [name for name in NAMES if not set(name) & set('"\r\n')]
    for number, name in enumerate(names):
        answer = upload(cast.owner, (name, f"Tea number {number}.".encode()))
        assert answer.status_code == 202, name
        taken = answer.json["items"][0]["document"]
        original = cast.owner.get(f"/dashboard/documents/{taken['id']}/original")
        assert original.status_code == 200, name
        said = original.headers["Content-Disposition"]
        assert re.match(r"attachment; filename\*?=", said), name
        assert "\r" not in said + taken["file_name"]
        assert "/" not in taken["file_name"]
        assert "Set-Cookie" not in original.headers
        page = cast.agent.get(f"/dashboard/documents/{taken['id']}").get_data(as_text=True)
        assert "<script>alert" not in page
    listed = cast.agent.get("/dashboard/documents").get_data(as_text=True)
    assert "<script>alert" not in listed
    assert "\u202e" not in listed
    assert len(files_in(folder)) == len(names)
    assert all(re.fullmatch(r"[0-9a-f]{32}", path.name) for path in files_in(folder))


@pytest.mark.parametrize("name", ["\x00", "a\x00.txt\x00.exe", "..", "/", "\u202e", "   ", "."])
def test_U7_a_name_that_is_none_is_made_harmless(name: str) -> None:
    bare = submissions.bare_name(name)
    assert bare
    assert bare.isprintable()
    assert not set(bare) & set("/\\\x00")
    assert bare not in {".", ".."}


@SQLITE_ALONE
def test_U7_a_title_within_a_file_does_no_harm(cast: Cast) -> None:
    text = b"---\ntitle: <script>alert(1)</script>\n---\nTea."
    shown = learned(cast, "a.md", text)
    page = cast.agent.get(f"/dashboard/documents/{shown['id']}").get_data(as_text=True)
    found = cast.agent.get("/dashboard/knowledge/try?q=tea").get_data(as_text=True)
    assert "<script>alert" not in page + found


# The plain form


@SQLITE_ALONE
def test_the_plain_form_says_what_became_of_each_file(cast: Cast, folder: Path) -> None:
    files = [(io.BytesIO(b"Tea."), "a.txt"), (io.BytesIO(b"MZ"), "b.exe")]
    answer = cast.owner.post("/dashboard/documents", data={"file": files})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/dashboard/documents")
    page = cast.owner.get("/dashboard/documents").get_data(as_text=True)
    assert "is being learned" in page
    assert "b.exe" in page
    assert len(files_in(folder)) == 1


@SQLITE_ALONE
def test_A9_without_its_token_the_plain_form_does_nothing(cast: Cast, folder: Path) -> None:
    data = {"file": (io.BytesIO(b"Tea."), "a.txt")}
    answer = cast.owner.client.post("/dashboard/documents", data=data)
    assert answer.status_code == 403
    assert "Please reload and try again" in answer.get_data(as_text=True)
    assert files_in(folder) == []
