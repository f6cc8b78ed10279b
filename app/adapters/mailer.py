"""Who carries the mail."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from http.client import HTTPException
from typing import Any, Protocol

from app.errors import ProviderError

TIMEOUT_SECONDS = 10
# A key that is wrong today may be mended tomorrow: the letters wait for it.
RETRYABLE_STATUSES = {401, 403, 408, 425, 429}


@dataclass(frozen=True)
class Letter:
    """One message to one person, ready to go."""

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str


class Mailer(Protocol):
    """`delivers` is false where messages stay in the outbox to be read there."""

    delivers: bool

    def send(self, letter: Letter) -> None:
        """Hand the letter over, or raise ProviderError."""


class NoMailer:
    """No provider is configured: the outbox keeps every message."""

    delivers = False

    def send(self, letter: Letter) -> None:
        raise ProviderError("No mail provider is configured.", permanent=True)


class SendGridMailer:
    """SendGrid's v3 API through its own client, which has no time-out unless told."""

    delivers = True

    def __init__(
        self, api_key: str, sender: str, api_base: str, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._api_key = api_key
        self._timeout = timeout
        self._sender_name, self._sender_address = parseaddr(sender)
        self._api_base = api_base
        self._client: Any = None

    def send(self, letter: Letter) -> None:
        from python_http_client.exceptions import HTTPError

        try:
            self._opened().client.mail.send.post(
                request_body=self._body(letter), timeout=self._timeout
            )
        except HTTPError as error:
            permanent = 400 <= error.status_code < 500
            permanent = permanent and error.status_code not in RETRYABLE_STATUSES
            raise ProviderError(
                f"SendGrid answered {error.status_code}.", permanent=permanent
            ) from error
        except (OSError, HTTPException) as error:
            # An answer cut short or none at all is HTTPException, of which OSError knows nothing.
            raise ProviderError(f"SendGrid could not be reached: {error!r}.") from error

    def _opened(self) -> Any:
        if self._client is None:
            from sendgrid import SendGridAPIClient

            self._client = SendGridAPIClient(self._api_key)
            self._client.client.host = self._api_base
        return self._client

    def _body(self, letter: Letter) -> dict[str, Any]:
        from sendgrid.helpers.mail import Content, CustomArg, Email, Mail, To

        mail = Mail(
            from_email=Email(self._sender_address, self._sender_name or None),
            to_emails=To(letter.recipient),
            subject=letter.subject,
        )
        mail.add_content(Content("text/plain", letter.text))
        mail.add_content(Content("text/html", letter.html))
        # Lets an operator recognise the one message that a crash could send twice.
        mail.add_custom_arg(CustomArg("frontdesk_message_id", letter.message_id))
        body: dict[str, Any] = mail.get()
        return body | {"tracking_settings": {"click_tracking": {"enable": False}}}
