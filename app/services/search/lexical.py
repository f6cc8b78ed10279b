"""Search by words: one full-text index an organization, on either database.

SQLite has an FTS5 table for each organization, PostgreSQL one table of tsvectors. Both only
nominate candidates; the scores come from `scoring.bm25`, so that the two databases rank alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.services.search.phrases import called_by_name, looked_up_as
from app.services.search.synonyms import concept, said_otherwise, stem

WORD = re.compile(r"[^\W_]+")
MOST_TERMS = 16
MOST_STEMS_KEPT = 100_000
# Passages that the index may have to look at for one search, if rare words allow it.
MOST_LOOKED_AT = 8_000
MOST_COUNTED = 20_000
STOP_WORDS = frozenset(
    (
        *("a", "about", "an", "and", "any", "are", "as", "at", "be", "been", "being", "by", "can"),
        *("could", "did", "do", "does", "doing", "for", "from", "get", "got", "had", "has"),
        *("have", "having", "he", "her", "his", "how", "i", "if", "im", "in", "into", "is", "it"),
        *("its", "ive", "just", "like", "me", "my", "no", "not", "of", "on", "or", "our"),
        *("please", "she", "should", "so", "some", "such", "than", "that", "the", "their", "them"),
        *("then", "there", "these", "they", "this", "to", "us", "want", "was", "we", "were"),
        *("what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your"),
    )
)


@dataclass(frozen=True)
class Row:
    """What the index keeps of a passage."""

    number: int
    indexed: str


@dataclass(frozen=True)
class Terms:
    """The words of a question that say something, as typed and as what they stand for.

    `added` were not typed, or are names of which the kind was added: they count as far as documents
    have them.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    added: frozenset[str] = frozenset()


def terms_of(question: str) -> Terms:
    """Leave out what nearly every sentence has, unless there is nothing else."""
    words = [word.lower() for word in WORD.findall(looked_up_as(question))]
    telling = [word for word in words if word not in STOP_WORDS] or words
    # A question of such words alone keeps them, so their stems are not looked up but made.
    unique: dict[str, str] = {}
    for word in telling:
        unique.setdefault(concept(stem(word)), word)
    added = frozenset(unique) - typed_in(question)
    return Terms(tuple(unique.values())[:MOST_TERMS], tuple(unique)[:MOST_TERMS], added)


def typed_in(question: str) -> set[str]:
    """What a question says in so many words, but for names of which the kind is looked up."""
    named = set(concepts_of(called_by_name(question)))
    return {concept(stem(word)) for word in WORD.findall(question)} - named


class _Stems(dict[str, str]):
    """Every word that was met with its stem, and nothing for a word that says nothing.

    A look-up in a dictionary is what makes it bearable to score a hundred passages a search.
    """

    def __missing__(self, word: str) -> str:
        if len(self) > MOST_STEMS_KEPT:
            self.clear()
        self[word] = stemmed = "" if word in STOP_WORDS else stem(word)
        return stemmed


_stems = _Stems()


def stems_of(written: str) -> list[str]:
    """The stems of a text, without the words that say nothing."""
    return [stemmed for word in WORD.findall(written.lower()) if (stemmed := _stems[word])]


def concepts_of(written: str) -> list[str]:
    """The same, with one for all words that mean the same."""
    return [concept(each) for each in stems_of(written)]


def add(organization_id: UUID, rows: Sequence[Row]) -> None:
    """Index passages, inside the caller's transaction."""
    if not rows:
        return
    values = [{"number": row.number, "indexed": row.indexed} for row in rows]
    if _is_sqlite():
        table = _table(organization_id)
        db.session.execute(
            text(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {table} "
                "USING fts5(indexed, tokenize='porter unicode61')"
            )
        )
        insert = f"INSERT INTO {table} (rowid, indexed) VALUES (:number, :indexed)"
    else:
        insert = (
            "INSERT INTO passage_words (number, organization_id, words) VALUES "
            "(:number, :organization, to_tsvector('simple', :indexed))"
        )
        # Our own stems: PostgreSQL takes "black/white" for a file and "40-80" for a negative, and
        # has other stop words than FTS5, whose counts would then be nought.
        values = [
            {
                "number": row.number,
                "indexed": " ".join(stems_of(row.indexed)),
                "organization": organization_id,
            }
            for row in rows
        ]
    db.session.execute(text(insert), values)


def remove(organization_id: UUID, numbers: Sequence[int]) -> None:
    """Forget passages, inside the caller's transaction."""
    table, key = (_table(organization_id), "rowid") if _is_sqlite() else ("passage_words", "number")
    if not numbers or (_is_sqlite() and not _exists(table)):
        return
    statement = text(f"DELETE FROM {table} WHERE {key} = :number")
    db.session.execute(statement, [{"number": number} for number in numbers])


def drop(organization_id: UUID) -> None:
    """Forget everything of an organization."""
    if _is_sqlite():
        db.session.execute(text(f"DROP TABLE IF EXISTS {_table(organization_id)}"))
    else:
        statement = text("DELETE FROM passage_words WHERE organization_id = :organization")
        db.session.execute(statement, {"organization": organization_id})


def numbers(organization_id: UUID) -> set[int]:
    """Every passage that is indexed."""
    if _is_sqlite():
        return set(_numbers(f"SELECT rowid FROM {_table(organization_id)}", {}))
    statement = "SELECT number FROM passage_words WHERE organization_id = :organization"
    return set(_numbers(statement, {"organization": organization_id}))


def telling(terms: Terms, counted: dict[str, int]) -> Terms:
    """The rare words of a question, as many as the index can follow up quickly.

    The frequent ones would nominate half of all passages and change nothing about the best: they
    still count when the nominated ones are scored. What stood nowhere may have been learned since.
    """
    pairs = sorted(zip(terms.words, terms.stems, strict=True), key=lambda p: counted[p[1]])
    chosen: list[tuple[str, str]] = []
    looked_at = 0
    for word, stemmed in pairs:
        if looked_at and looked_at + counted[stemmed] > MOST_LOOKED_AT:
            break
        looked_at += counted[stemmed]
        chosen.append((word, stemmed))
    return Terms(tuple(word for word, _ in chosen), tuple(stemmed for _, stemmed in chosen))


def candidates(organization_id: UUID, terms: Terms, limit: int) -> list[int]:
    """The numbers of passages that have some of the words, the likeliest first."""
    if not terms.words:
        return []
    if _is_sqlite():
        statement = (
            "SELECT number FROM (SELECT rowid AS number, rank AS place "
            f"FROM {_table(organization_id)} WHERE indexed MATCH :query LIMIT :most) AS found "
            "ORDER BY place, number LIMIT :limit"
        )
        values: dict[str, Any] = {"query": _fts_query(terms.words)}
    else:
        statement = (
            "SELECT number FROM (SELECT number, ts_rank(words, query, 1) AS place "
            "FROM passage_words, to_tsquery('simple', :query) AS query "
            "WHERE organization_id = :organization AND words @@ query LIMIT :most) AS found "
            "ORDER BY place DESC, number LIMIT :limit"
        )
        values = {"query": _ts_query(terms.words), "organization": organization_id}
    # The bound bites only where even the rarest word of a question is common.
    return _numbers(statement, values | {"most": MOST_LOOKED_AT, "limit": limit})


def counts(organization_id: UUID, words: Sequence[str]) -> list[int]:
    """In how many passages each word stands, in any of its forms.

    Beyond MOST_COUNTED it is common, and how common would take longer to find out than it says.
    """
    values: dict[str, Any] = {"most": MOST_COUNTED}
    if _is_sqlite():
        found = f"SELECT 1 FROM {_table(organization_id)} WHERE indexed MATCH :word"
        values |= {f"word{place}": _fts_query([word]) for place, word in enumerate(words)}
    else:
        found = (
            "SELECT 1 FROM passage_words WHERE organization_id = :organization "
            "AND words @@ to_tsquery('simple', :word)"
        )
        values |= {f"word{place}": _ts_query([word]) for place, word in enumerate(words)}
        values["organization"] = organization_id
    each = f"(SELECT count(*) FROM ({found} LIMIT :most) AS found)"
    columns = (each.replace(":word", f":word{place}") for place in range(len(words)))
    [row] = _rows(f"SELECT {', '.join(columns)}", values) or [[0] * len(words)]
    return list(map(int, row))


def _fts_query(words: Iterable[str]) -> str:
    """Quoted, each word is only a word; otherwise NEAR, OR and the like would be commands."""
    return " OR ".join(f'"{each}"' for word in words for each in said_otherwise(word))


def _ts_query(words: Iterable[str]) -> str:
    return " | ".join({stem(each) for word in words for each in said_otherwise(word)})


def _numbers(statement: str, values: dict[str, Any]) -> list[int]:
    return [int(number) for (number,) in _rows(statement, values)]


def _rows(statement: str, values: dict[str, Any]) -> Sequence[Sequence[Any]]:
    try:
        return db.session.execute(_prepared(statement), values).all()
    except OperationalError as error:
        if "no such table" not in str(error):
            raise
        # The organization has no passage yet.
        return []


@lru_cache(maxsize=512)
def _prepared(statement: str) -> TextClause:
    """Read once: it is the same for every search of an organization."""
    return text(statement)


def _table(organization_id: UUID) -> str:
    return f"passage_words_{organization_id.hex}"


def _exists(table: str) -> bool:
    statement = text("SELECT 1 FROM sqlite_master WHERE name = :table")
    return db.session.scalar(statement, {"table": table}) is not None


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
