"""A provider of identities in Google's place: oidc-provider-mock, in a process of its own.

It is reached as localhost and Frontdesk as 127.0.0.1, so that to the browser they are two sites,
as they are in life: cookies come back only where SameSite lets them.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import APIRequestContext, Page

from tests.e2e.patience import wait_for
from tests.e2e.ports import free_port

WAY_OUT = "/api/auth/google"


class Google:
    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment variables that lead a server here."""
        return {
            "GOOGLE_CLIENT_ID": "frontdesk-client",
            "GOOGLE_CLIENT_SECRET": "frontdesk-client-secret",
            "GOOGLE_DISCOVERY_URL": f"{self.url}/.well-known/openid-configuration",
        }

    @property
    def is_up(self) -> bool:
        try:
            return httpx2.get(self.settings["GOOGLE_DISCOVERY_URL"]).status_code == httpx2.codes.OK
        except httpx2.HTTPError:
            return False

    def knows(self, subject: str, email: str, *, verified: bool, name: str = "") -> None:
        """Have an account there, or change it: the subject stays, all else may not."""
        claims: dict[str, Any] = {"email": email, "email_verified": verified, "name": name}
        httpx2.put(f"{self.url}/users/{subject}", json=claims).raise_for_status()

    def agree(self, page: Page, subject: str) -> None:
        """Choose the account, on the provider's own page."""
        page.get_by_placeholder("sub").fill(subject)
        page.get_by_role("button", name="Authorize").click()

    def decline(self, page: Page) -> None:
        page.get_by_role("button", name="Deny").click()

    def way_back(self, browser: APIRequestContext, subject: str, way_out: str = WAY_OUT) -> str:
        """Go there and agree without drawing a page; gives the address that leads back."""
        form = browser.get(way_out, max_redirects=0).headers["location"]
        agreed = browser.post(form, form={"sub": subject}, max_redirects=0)
        return agreed.headers["location"]

    def lead(self, browser: APIRequestContext, subject: str, way_out: str = WAY_OUT) -> str:
        """There and back again; gives the path that the browser is sent to in the end."""
        back = browser.get(self.way_back(browser, subject, way_out), max_redirects=0)
        return back.headers["location"]


@contextmanager
def running_google(folder: Path) -> Iterator[Google]:
    port = free_port()
    # It refuses whoever sends no nonce.
    words = ["-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    with (folder / "google.txt").open("wb") as log:
        process = subprocess.Popen([sys.executable, *words], stdout=log, stderr=log)
    try:
        google = Google(port)
        wait_for(lambda: google.is_up, "identity provider")
        yield google
    finally:
        process.kill()
        process.wait()
