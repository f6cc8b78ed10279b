"""Taking in every page of a sitemap, as a job of its own.

Each page is placed and counted in one commit, so that after a crash none is placed twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, func, select

from app.adapters import adapters
from app.errors import Conflict, NotFound, ProviderError
from app.extensions import db
from app.models import Sitemap, SitemapStatus, now
from app.services import audit
from app.services.actors import Actor, ActorKind, Role
from app.services.holds import Hold, Superseded
from app.services.knowledge import web_sources
from app.services.knowledge.placing import Label
from app.services.knowledge.web_pages import place_page
from app.services.work import back_off, claim, wake_after_commit

__all__ = [
    "JOB",
    "SitemapStatus",
    "add_sitemap",
    "forget",
    "list_sitemaps",
    "ready",
    "retry",
    "take_in",
]
log = structlog.get_logger(__name__)
JOB = "take_in_sitemap"
MOST_AT_ONCE = 10
MOST_SHOWN = 20
MOST_TRIES = 8
BUSY = (SitemapStatus.QUEUED, SitemapStatus.LISTING, SitemapStatus.ADDING)


def ready() -> ColumnElement[bool]:
    """Which sitemaps are not done."""
    return Sitemap.status.in_(BUSY)


def add_sitemap(actor: Actor, url: str, category: str) -> Sitemap:
    """Have every page of a sitemap taken; one that is under way already is not begun again."""
    db.session.rollback()
    web_sources.refuse_private(url)
    busy = select(Sitemap).where(Sitemap.organization_id == actor.organization_id, ready())
    known = db.session.scalars(busy.where(Sitemap.url == url)).first()
    if known is not None:
        return known
    if _count(actor.organization_id) >= MOST_AT_ONCE:
        raise Conflict(f"{MOST_AT_ONCE} sitemaps are being taken in already. Please wait for one.")
    sitemap = Sitemap(
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        user_name=actor.name[:120],
        url=url,
        category=category,
    )
    db.session.add(sitemap)
    db.session.flush()
    audit.record(actor, "sitemap.added", f"{actor.name} added the sitemap {url}", target=url)
    wake_after_commit(JOB, sitemap.id)
    db.session.commit()
    return sitemap


def list_sitemaps(organization_id: UUID) -> Sequence[Sitemap]:
    """The newest first; who has seen what became of one can have it forgotten."""
    query = (
        select(Sitemap)
        .where(Sitemap.organization_id == organization_id)
        .order_by(Sitemap.id.desc())
        .limit(MOST_SHOWN)
    )
    return db.session.scalars(query).all()


def retry(actor: Actor, sitemap_id: UUID) -> Sitemap:
    """Go on from where it failed."""
    sitemap = _get(actor, sitemap_id)
    if sitemap.status is not SitemapStatus.FAILED:
        raise Conflict("Only a sitemap that failed can be tried again.")
    sitemap.status, sitemap.error = SitemapStatus.QUEUED, ""
    sitemap.tries, sitemap.due_at, sitemap.lease_until = 0, now(), None
    wake_after_commit(JOB, sitemap.id)
    db.session.commit()
    return sitemap


def forget(actor: Actor, sitemap_id: UUID) -> None:
    """Stop it and forget what became of it. The pages that were taken stay."""
    db.session.delete(_get(actor, sitemap_id))
    db.session.commit()


def take_in(sitemap_id: UUID) -> None:
    """Bring one sitemap to its end, from wherever it stands. Safe to call twice."""
    sitemap = claim(Sitemap, sitemap_id, ready())
    if sitemap is None:
        return
    errand = _Errand(sitemap)
    try:
        errand.run()
    except Superseded:
        db.session.rollback()
    except ProviderError as error:
        db.session.rollback()
        errand.put_off(error)


class _Errand:
    """One sitemap on its way, in plain values: the row may be gone at any moment."""

    def __init__(self, sitemap: Sitemap) -> None:
        self._hold = Hold(sitemap)
        self._actor = Actor(
            sitemap.organization_id,
            sitemap.user_id,
            Role.ADMIN,
            sitemap.user_name,
            ActorKind.SYSTEM if sitemap.user_id is None else ActorKind.PERSON,
        )
        self._url = sitemap.url
        self._label = Label(category=sitemap.category)
        self._addresses = list(sitemap.addresses)
        self._done = sitemap.done
        self._note = sitemap.note

    def run(self) -> None:
        if not self._addresses:
            self._list()
        self._hold.note(status=SitemapStatus.ADDING, error="")
        for address in self._addresses[self._done :]:
            self._add(address)
        self._hold.release(status=SitemapStatus.DONE)

    def put_off(self, error: ProviderError) -> None:
        """Fail for good, or wait for what may come back."""
        log.info("sitemap_put_off", permanent=error.permanent, reason=str(error))
        try:
            if error.permanent or self._hold.tries >= MOST_TRIES:
                self._hold.release(status=SitemapStatus.FAILED, error=str(error)[:400])
            else:
                words = f"Waiting to try again: {error}"[:400]
                self._hold.release(due_at=back_off(self._hold.tries), error=words)
        except Superseded:
            db.session.rollback()

    def _list(self) -> None:
        self._hold.note(status=SitemapStatus.LISTING, error="")
        listing = web_sources.pages_of_sitemap(self._url)
        self._addresses, self._note = list(listing.addresses), listing.note[:400]
        total = len(self._addresses)
        self._hold.note(addresses=self._addresses, total=total, note=self._note)

    def _add(self, address: str) -> None:
        self._done += 1
        try:
            adapters.web_client.check(address)
            taken = place_page(self._actor, address, self._label)
        except (ProviderError, Conflict) as error:
            # One address inside a private network must not cost the others.
            self._refuse(f"{address}: {error}")
            return
        counted = Sitemap.added if taken.outcome == "added" else Sitemap.renewed
        self._hold.note(done=self._done, **{counted.key: counted + 1})

    def _refuse(self, reason: str) -> None:
        db.session.rollback()
        self._note = self._note or reason[:400]
        self._hold.note(done=self._done, refused=Sitemap.refused + 1, note=self._note)


def _get(actor: Actor, sitemap_id: UUID) -> Sitemap:
    query = select(Sitemap).where(
        Sitemap.id == sitemap_id, Sitemap.organization_id == actor.organization_id
    )
    sitemap = db.session.scalars(query.with_for_update()).one_or_none()
    if sitemap is None:
        raise NotFound("There is no sitemap by this id.")
    return sitemap


def _count(organization_id: UUID) -> int:
    query = select(func.count()).where(Sitemap.organization_id == organization_id, ready())
    return db.session.scalar(query) or 0
