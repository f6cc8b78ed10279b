"""What the stub of the desk says, looks like, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

AVAILABILITY = {
    "open": True,
    "people_online": True,
    "reopens_at": None,
    "reply_time": "a few minutes",
}
CONFIG: dict[str, Any] = {
    "organization": {"name": "Dusk & Spoke"},
    "availability": AVAILABILITY,
    "widget": {
        "color": "#17604b",
        "theme": "auto",
        "side": "right",
        "offset": {"x": 20, "y": 20},
        "launcher": {"text": ""},
        "logo_url": None,
        "name": "Assistant",
        "greeting": "Hello 👋\nHow can we help you ride at night?",
        "suggestions": [
            "Can I return a light that I have used?",
            "Which front light is right for me?",
            "How long does delivery take?",
        ],
        "ai_notice": True,
        "locale": "auto",
        "prechat": {"enabled": False, "fields": [], "consent": None},
        "hidden_on": [],
        "sounds": True,
        "show_branding": True,
        "strings": {},
    },
}


@dataclass
class Answer:
    """Sentences with the numbers of their sources."""

    sentences: list[dict[str, Any]]
    citations: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    outcome: str = "answered"

    def event(self, answer_id: str, count: int) -> dict[str, Any]:
        """The message that replaces what was streamed; cut short when it was stopped."""
        sentences = self.sentences[:count]
        cited = {n for one in sentences for n in one["citations"]}
        whole = count == len(self.sentences)
        return {
            "kind": "message",
            "author": {"kind": "assistant", "name": "Assistant", "picture_url": None},
            "answer_id": answer_id,
            "text": "".join(one["lead"] + one["text"] for one in sentences),
            "sentences": sentences,
            "citations": [one for one in self.citations if one["n"] in cited],
            "actions": self.actions if whole else [],
            "outcome": self.outcome if whole else "stopped",
            "confidence": 0.9,
            "feedback": None,
        }


def source(n: int, title: str, heading: str, quote: str, **more: Any) -> dict[str, Any]:
    """A citation."""
    shared = {"n": n, "title": title, "heading": heading, "quote": quote, "page": None, "url": None}
    return {**shared, "passage_id": f"passage-{n}", **more}


def sentence(text: str, *citations: int, lead: str = " ") -> dict[str, Any]:
    return {"text": text, "lead": lead, "citations": list(citations)}


RETURNS = Answer(
    [
        sentence("Yes, you can return a **used light** within 30 days of delivery.", 1, lead=""),
        sentence("Return postage within the country is free.", 2),
        sentence("This is how it goes:", lead="\n\n"),
        sentence("Open your order and choose *Return*.", 2, lead="\n\n1. "),
        sentence("Put the light into any box with the label on it.", lead="\n2. "),
        sentence("Your money is back within five working days of its arrival.", 1, lead="\n3. "),
    ],
    [
        source(
            1,
            "Returns and refunds",
            "Thirty days, used or not",
            "You may send a light back within thirty days of delivery, used or not. "
            "We refund the full price within five working days of its arrival at our workshop.",
            url="https://shop.example.com/returns",
        ),
        source(
            2,
            "Returns and refunds",
            "How to send it",
            "Postage within the country is free.",
            page=2,
        ),
    ],
    [
        {"kind": "ask", "text": "What if it is broken?"},
        {"kind": "link", "text": "Start a return", "url": "https://shop.example.com/returns/new"},
    ],
)
LIGHTS = Answer(
    [
        sentence("It depends on where you ride.", lead=""),
        sentence(
            "| Light | Lux | Runs for |\n|---|---|---|\n| Lantern 60 | 60 | 9 h |\n"
            "| Lantern 100 | 100 | 6 h |",
            1,
            lead="\n\n",
        ),
    ],
    [source(1, "Which front light?", "At a glance", "Lantern 60: 60 lux. Lantern 100: 100 lux.")],
)
ATTACK = Answer(
    [
        sentence("<img src=x onerror=hacked=1> <script>hacked=1</script>", 1, lead=""),
        sentence("[click](javascript:hacked=1) ![pixel](https://evil.example/p.png)"),
    ],
    [
        source(
            1,
            "<img src=x onerror=hacked=1>",
            "<b>heading</b>",
            "<svg onload=hacked=1>",
            url="javascript:hacked=1",
        )
    ],
    [{"kind": "link", "text": "<i>go</i>", "url": "javascript:hacked=1"}],
)
UNKNOWN = Answer(
    [
        sentence("I did not find anything about that in our documents.", lead=""),
        sentence("Shall I ask a person from the team?"),
    ],
    actions=[{"kind": "person", "text": "Ask a person"}],
    outcome="unknown",
)
ANSWERS = {"return": RETURNS, "light": LIGHTS, "attack": ATTACK, "": UNKNOWN}

SNIPPET = '<script async src="%SERVER%/widget/loader.js" data-key="pk_test"></script>'
SHOP = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{style}
<body><main><h1>Bicycle lights</h1><p>For those who ride at night.</p><button>Buy</button></main>
{snippet}</body></html>"""
HOSTILE = (
    "<style>* { all: unset !important; font-size: 40px !important; color: red !important }"
    "body { transform: rotate(2deg); } button, textarea { display: none !important }</style>"
)
STRICT = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src %SERVER%; "
    "connect-src %SERVER% ws://127.0.0.1:*; img-src %SERVER%; style-src 'none'; "
    "require-trusted-types-for 'script'"
)


def shop(style: str = "", **data: str) -> str:
    """A page with the snippet on it."""
    extra = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return SHOP.format(style=style, snippet=SNIPPET.replace('data-key="', f'{extra} data-key="'))


HOSTS = {
    "shop": (shop(), ""),
    "hostile": (shop(HOSTILE), ""),
    "strict": (shop(), STRICT),
    "page": (shop(mode="page"), ""),
    "arabic": (shop(locale="ar"), ""),
    "german": (shop(locale="de"), ""),
    "dark": (shop("<style>body{background:#0d0f10;color:#ddd}</style>", theme="dark"), ""),
}
