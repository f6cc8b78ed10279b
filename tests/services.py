"""Which services a test can have. What is missing skips the test with a sentence on how to get it.

On a build machine (CI=true) a missing service is a failure: nothing may pass there by not running.
"""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
import redis

from tests.e2e.browser import chromium_path

DATABASE_URL = "postgresql+psycopg://frontdesk:frontdesk@127.0.0.1:55432/frontdesk_test"
REDIS_URL = "redis://127.0.0.1:56379/0"
CHROMA_URL = "http://127.0.0.1:58000"
SECONDS = 3


def require_postgres() -> str:
    """The address of a test database that answers."""
    url = os.environ.get("TEST_DATABASE_URL", DATABASE_URL)
    if problem := _postgres_problem(url):
        _do_without(f"PostgreSQL: {problem}", "sudo apt-get install postgresql && make services")
    return url


def require_redis() -> str:
    """The address of a Redis that answers."""
    url = os.environ.get("TEST_REDIS_URL", REDIS_URL)
    if problem := _redis_problem(url):
        _do_without(f"Redis: {problem}", "sudo apt-get install redis-server && make services")
    return url


def require_chroma() -> str:
    """The address of a Chroma server that answers."""
    url = os.environ.get("TEST_CHROMA_URL", CHROMA_URL)
    if problem := _chroma_problem(url):
        _do_without(f"A Chroma server: {problem}", "make services")
    return url


def require_chromium() -> Path:
    """Where Chromium is; tests/e2e/browser.py starts it."""
    found = chromium_path()
    if found is None:
        _do_without("Chromium is not installed", "sudo apt-get install chromium chromium-driver")
    return found


def require_node() -> Path:
    """Where Node.js is."""
    found = shutil.which("node")
    if found is None:
        _do_without("Node.js is not installed", "sudo apt-get install nodejs npm")
    return Path(found)


def _do_without(problem: str, remedy: str) -> NoReturn:
    sentence = f"{problem}. Get it with: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


@cache
def _postgres_problem(url: str) -> str | None:
    """Ask once a run; psycopg does not know SQLAlchemy's way of naming a driver."""
    try:
        psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=SECONDS).close()
    except psycopg.Error as error:
        return _first_line(error)
    return None


@cache
def _redis_problem(url: str) -> str | None:
    client = redis.Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS)
    try:
        client.ping()
    except redis.RedisError as error:
        return _first_line(error)
    finally:
        client.close()
    return None


@cache
def _chroma_problem(url: str) -> str | None:
    try:
        urllib.request.urlopen(f"{url}/api/v2/heartbeat", timeout=SECONDS).close()
    except (urllib.error.URLError, TimeoutError) as error:
        return f"{url} does not answer ({getattr(error, 'reason', error)})"
    return None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
