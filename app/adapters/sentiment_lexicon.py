"""What can be read off the words of a message alone: a dictionary's opinion, and support's own."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

# Mood is plain from the first lines; nobody's essay may hold up the conversation.
MOST_LETTERS = 1_500
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
HANDLE_OR_LINK = re.compile(r"@\w+|https?://\S+|\bRT\b")
QUESTION = re.compile(
    r"^\W*(?:hi|hello|hey|so|and|ok|sorry)?\W*(?:how (?:do|can|long|much|many|does|early|to)|can|could"
    r"|may|what|which|where|when|is there|is it|is|are|do|does|will|would|who)\b.*\?",
    re.IGNORECASE | re.DOTALL,
)
EVERY_QUESTION = re.compile(r"\?(?!\?|!)")

# Each group is one figure: how often it is found, counted up to three.
GROUPS: dict[str, tuple[str, ...]] = {
    "waiting": (
        r"(?:\d+|an?|two|three|four|five|six|several|over) ?\+? ?(?:hours?|hrs?|days?|weeks?|months?)",
        r"on hold|waiting|waited|still (?:no|not|nothing|hasn't|haven't|in|isn't|won't)|queue|delay\w*",
        r"late|not yet|since (?:monday|tuesday|wednesday|thursday|friday|january|march|june|last)",
    ),
    "failure": (
        r"broken?|damaged|crash\w*|errors?|fail\w*|down|lost|missing|wrong|cancell?ed|stuck|stopped",
        r"(?:doesn't|does not|don't|isn't|not|won't|stopped) (?:work|working|load|loading|open|start)",
        r"can(?:'t|not) (?:log|access|open|get|find|use|check)|outage|leak\w*|crack\w*|faulty",
    ),
    "again": (
        r"again|twice|another|(?:second|third|fourth|fifth|2nd|3rd|4th|5th|\d+th) (?:time|week|month)",
        r"(?:three|four|five|six|several|\d+) (?:times|agents|people|emails|e-mails|calls|different)",
        r"every (?:single|time|day)|keeps?|already (?:told|said|explained|sent)|same (?:thing|problem)",
    ),
    "neglect": (
        r"nobody|no one|ignor\w+|no (?:answer|reply|response|help|explanation|apology|information)",
        r"hung up|hangs? up|transferred|bounced|refus\w+|never (?:came|called|replied|arrived|showed)",
        r"zero replies|disconnect\w*|didn't (?:answer|reply|help)|anyone|anybody|promised",
    ),
    "money": (
        r"refund\w*|charg(?:e|ed|es|ing)|overcharg\w*|fees?|money back|bill(?:ed)?|rip ?off|\d+ ?%",
    ),
    "contempt": (
        r"joke|pathetic|ridiculous|unacceptable|disgust\w*|disgrac\w*|asham\w*|shame|worst|useless",
        r"incompeten\w*|liars?|lied|lies|lying|scam\w*|fraud\w*|theft|thie(?:f|ves)|crooks?|robbery",
        r"garbage|trash|rubbish|horrible|horrendous|awful|terrible|outrageous|inexcusable|worthless",
        r"clowns?|idiots?|morons?|stupid|greedy|disrespect\w*|rude|unbelievable|appalling|shambles",
    ),
    "rage": (
        r"furious|livid|fuming|angry|sick (?:and tired )?of|fed up|had enough|enough is enough|rage",
        r"how dare|never (?:again|ever)|will never|i(?:'m| am) done|kidding me|go to hell|shut up|hate",
        r"last (?:chance|warning)|right now|immediately|are you (?:stupid|serious|insane|deaf|blind)",
    ),
    "profanity": (
        r"f+u+c*k+\w*|f\*+\w*|wtf|sh[i*]+t\w*|s\*+t|bullshit|bs|crap\w*|damn|asshole\w*|arse\w*",
        r"bastards?|bitch\w*|suck(?:s|ed)?|screw you|piss(?:ed)?|hell|dick\w*|bollocks|bloody",
    ),
    "threat": (
        r"lawyer|attorney|solicitor|sue|suing|court|legal action|ombudsman|consumer protection|police",
        r"report(?:ing)? you|chargeback|dispute|switching|elsewhere|cancel (?:my|everything|the contract)",
        r"los(?:t|ing) a customer|delete my account|taking my business|competitor\w*",
    ),
    "thanks": (
        r"thanks?|thank you|thx|ty|tnx|cheers|appreciate\w*|grateful|kudos|shout ?out|props|hats off",
    ),
    "praise": (
        r"great|awesome|amazing|love|loved|perfect\w*|excellent|helpful|best|fantastic|wonderful|brilliant",
        r"impress\w*|delighted|happy|glad|kind|friendly|smooth|easy|lovely|superb|beautiful|rocks?|nice",
        r"works? (?:now|great|fine|perfectly|like)|solved|sorted|fixed|looking forward|can't wait|yay",
    ),
    "irony": (
        r"thanks (?:so much )?for (?:nothing|ruining|wasting|cancell?ing|losing|making me|leaving)",
        r"(?:love|funny) how|great job|so much for|yeah,? right|of course|as usual|good luck|congrat\w*",
        r"oh (?:great|wonderful|joy|good)|lovely surprise|wow just wow|another day|what a (?:joke|mess)",
        r"guess i|your call is important|must be nice|would be nice|how hard (?:is|can)|you had one job",
    ),
    "negation": (r"not|no|never|none|nothing|cannot|without|n't|\w+n't|cant|dont|didnt|wont|doesnt",),
    "address": (r"you|your|yours|u|ur|you're|y'all|you guys|you people",),
    "good_marks": ("[😀-😆😊😍🥰😘🤗🎉👏👍🙌💪❤💙💚💛😎🚀✅🌟🔥😄😁🥹🙏]|[:;]-?[)D]|<3|x+o+x*",),
    "bad_marks": ("[😠-😤😡🤬👎😒🙄😞😢😭💔🤦😩😫🤮💩😕🖕]|[:;]-?[(/]|>:",),
}
SIGNS = {"good_marks", "bad_marks"}
MOST_FOUND = 3

NAMES: tuple[str, ...] = (
    "compound", "pleasant", "unpleasant", *GROUPS,
    "shouted", "shouted_words", "exclaimed", "doubted", "trailing", "question", "ends_asking",
    "length", "very_short",
)  # fmt: skip


def figures(text: str) -> tuple[float, ...]:
    """One number between -1 and about 1 for each of NAMES."""
    text = HANDLE_OR_LINK.sub(" ", text[:MOST_LETTERS]).replace("’", "'").strip()
    opinion = _dictionary().polarity_scores(text)
    found = (
        min(len(pattern.findall(text)), MOST_FOUND) / MOST_FOUND for pattern in _patterns().values()
    )
    return (opinion["compound"], opinion["pos"], opinion["neg"], *found, *_shape(text))


def _shape(text: str) -> tuple[float, ...]:
    """How it is written, whatever it says."""
    words = WORD.findall(text)
    shouted = [word for word in words if len(word) > 2 and word.isupper()]
    return (
        len(shouted) / len(words) if words else 0.0,
        min(len(shouted), MOST_FOUND) / MOST_FOUND,
        min(text.count("!"), MOST_FOUND) / MOST_FOUND,
        float("??" in text or "?!" in text or "!?" in text),
        float("..." in text or "…" in text),
        float(bool(QUESTION.match(text)) and len(EVERY_QUESTION.findall(text)) > 0),
        float(text.endswith("?") and not text.endswith("??")),
        min(math.log1p(len(words)) / 5, 1.0),
        float(len(words) <= 3),
    )


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(
            "|".join(parts) if name in SIGNS else rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)",
            re.IGNORECASE,
        )
        for name, parts in GROUPS.items()
    }


@cache
def _dictionary() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
