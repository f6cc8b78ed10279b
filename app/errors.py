"""What can go wrong, as the people who meet it are told: a code, a status, a sentence."""

from __future__ import annotations

from collections.abc import Mapping


class AppError(Exception):
    """The root of every refusal that is ours; the edges turn it into a page, a body or a frame."""

    status = 500
    code = "internal_error"
    message = "Something went wrong on our side. Please try again in a moment."

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message or type(self).message
        self.code = code or type(self).code
        self.fields = dict(fields or {})
        super().__init__(self.message)


class Invalid(AppError):
    """What was sent cannot be used; `fields` says where."""

    status = 422
    code = "invalid"
    message = "Some of this cannot be used. Please check the marked fields."


class NotSignedIn(AppError):
    """Nobody is signed in, or no longer."""

    status = 401
    code = "not_signed_in"
    message = "Please sign in to continue."


class Forbidden(AppError):
    """Signed in, but not allowed."""

    status = 403
    code = "forbidden"
    message = "Your role does not allow this."


class NotFound(AppError):
    """It does not exist, or belongs to somebody else: the answer is the same."""

    status = 404
    code = "not_found"
    message = "There is nothing here. It may have been removed."


class Conflict(AppError):
    """It contradicts what is there."""

    status = 409
    code = "conflict"
    message = "This contradicts what is already there."


class TooLarge(AppError):
    """More was sent than is taken."""

    status = 413
    code = "too_large"
    message = "This is larger than we can take."


class TooMany(AppError):
    """Asked too often."""

    status = 429
    code = "too_many_requests"
    message = "Too many attempts. Please wait a little and try again."


class Unavailable(AppError):
    """Something that we depend on does not answer."""

    status = 503
    code = "unavailable"
    message = "This is not available right now. Please try again in a moment."


class ProviderError(Exception):
    """A provider failed; `permanent` says whether trying again could help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
