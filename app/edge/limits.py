"""How often something may be asked, and by what the asker is known."""

from __future__ import annotations

import hashlib

from flask import Response, request

from app.edge.asking import client_address

SIGN_IN_PER_ADDRESS = "30/minute;300/hour"
# A whole office renews behind one address, each of its tabs every quarter of an hour.
RENEW_PER_ADDRESS = "300/minute"
SIGN_IN_PER_ACCOUNT = "10/minute;40/hour"
MAIL_PER_ADDRESS = "10/minute;40/hour"
MAIL_PER_ACCOUNT = "3/minute;10/hour"


def by_account() -> str:
    """The account that is tried, whoever tries it. Hashed, so that no store holds addresses."""
    body = request.get_json(silent=True)
    email = body.get("email") if isinstance(body, dict) else None
    known = email.strip().lower() if isinstance(email, str) else client_address()
    return hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def was_refused(response: Response) -> bool:
    """Only failures count against an account; signing in often is nobody's fault."""
    return response.status_code == 401
