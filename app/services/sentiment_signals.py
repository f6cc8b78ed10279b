"""What a message asks for or threatens with, whatever its mood: rules over its words.

Each is written to be silent in doubt: a false alarm calls a person away from somebody.
English is known best; the plain requests and threats in five more languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

MOST_LETTERS = 4_000
SHOUTED_WORDS = 3
ALIKE = 0.7
# Shorter messages are alike without meaning anything: "yes please" twice is no complaint.
WORDS_TO_COMPARE = 3
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
FILLERS = frozenset(
    "a an and are at be but can do for hello hi i in is it me my of ok on or please so that the this "
    "to we with you your".split()
)

_SOMEBODY = (
    r"(?:(?:a|an|the|some|any|your|one of your|another) )?(?:(?:real|live|actual|human|senior|other)"
    r" )?(?:person|people|human(?: being)?|someone|somebody|agents?|representatives?|rep|operators?"
    r"|manager|supervisor|colleagues?|advisor|adviser|staff|support team|customer service|boss)"
)
_WHOLE = r"^\W*(?:a |an )?(?:real |live )?(?:human|person|agent|representative|operator|rep)\b\W*(?:please\W*)?$"

# Found anywhere in the message; the order is the order in which signals are named.
RULES: dict[str, tuple[str, ...]] = {
    "safety": (
        r"\b(?:caught|catching|set) (?:\w+ ){0,4}on fire\b|\bcaught fire\b|\b(?:is|was|'s|are) on fire\b",
        r"\b(?:burst|up) in(?:to)? flames\b|\bexploded\b|\bset (?:\w+ ){1,4}on fire\b|\bsparks? (?:flying|came)",
        r"\bsmok(?:e|ing) (?:is |was )?(?:coming|pouring)|\bstart(?:ed|s)? (?:smoking|burning|to smoke|to burn)",
        r"\bsmells? (?:of |like )?(?:gas|burn(?:ing|t))\b|\bsmell(?:ing)? gas\b|\bgas leak\b|\bburning smell\b",
        r"\bbatter(?:y|ies)\b.{0,30}\b(?:swollen|swells|swelling|hissing|smoking|burning|leaking acid)",
        r"\belectric shock\b|\bgot shocked\b|\belectrocuted\b|\bcarbon monoxide\b|\bmelted (?:the|my|a bit)",
        r"\b(?:i|he|she|they|we|son|daughter|child|baby|kid|wife|husband|mother|father|mum|mom|dad)\b"
        r"[^.!?]{0,25}\b(?:is|are|was|were|got|been|am|badly|seriously)\b[^.!?]{0,12}\b(?:injured|bleeding"
        r"|unconscious|poisoned|burned|burnt|choking)\b",
        r"\ballergic reaction\b|\b(?:is|are|was|'s|ended up|taken|rushed) (?:in |to )(?:the )?(?:hospital|a&e|er)\b",
        r"\b(?:kill|hurt|harm) myself\b|\bend my life\b|\bsuicid\w+|\bwant to die\b",
        r"\b(?:could|nearly|almost) (?:have )?(?:killed|died)\b|\bscared for my (?:life|safety)\b",
        r"\b(?:brennt|feuer gefangen|verletzt|gasgeruch|riecht nach gas|rauch kommt)\b",
        r"\b(?:a pris feu|prend feu|blessée?s?|odeur de gaz|herid[oa]s?|se incendió|en llamas|olor a gas)\b",
        r"\b(?:ferid[oa]s?|pegou fogo|pegando fogo|cheiro de gás)\b|حريق|رائحة غاز|مصاب",
    ),
    "asks_for_person": (
        rf"\b(?:speak|talk|chat|get through|be transferred|be connected)(?: directly)? (?:to|with) {_SOMEBODY}\b",
        rf"\b(?:get|give|find|connect|put|transfer|escalate|pass)(?: me| this| us| it)?"
        rf"(?: on| over| through| straight)?(?: to| with)? {_SOMEBODY}\b(?! (?:to|in) my)",
        rf"\b(?:want|need|would like|prefer) {_SOMEBODY} (?:please|to (?:call|ring|answer|talk|look|deal))",
        r"\b(?:want|need|prefer|get me) (?:a |an )?(?:human|real person|live agent|person)\b",
        r"\bput your (?:manager|supervisor|boss) on\b|\b(?:person|agent) on the phone\b",
        r"\b(?:call|ring|phone) me(?: back)?\b(?!')",
        _WHOLE,
        r"\b(?:mensch(?:en)?|mitarbeiter(?:in)?|berater(?:in)?|person|jemande[mn]) (?:zu )?(?:sprechen|reden|chatten)",
        r"\b(?:echten?|richtigen?) (?:mensch|person|mitarbeiter)\w*|\bmitarbeiter(?:in)? bitte\b",
        r"\bparler (?:à|a|avec) (?:quelqu['’]un|une? (?:vraie? )?(?:humain|conseill\w+|agent|personne|responsable))",
        r"\bhablar con (?:alguien|una? (?:persona|agente|human[oa]|asesora?|representante|encargad[oa]|supervisora?))",
        r"\bfalar com (?:alguém|uma? (?:pessoa|atendente|humano|agente|gerente|responsável|supervisora?))",
        r"(?:التحدث|[أا]تحدث|[أا]كلم|التكلم|[أا]تكلم)\s+(?:مع\s+|[إا]لى\s+)?(?:شخص|موظف|[إا]نسان|[أا]حد|مسؤول|ممثل)",
    ),
    "asks_if_bot": (
        r"\bare you (?:even |really |actually )?(?:an? )?(?:real |actual |live )?(?:ro?bot|human|machine|ai|person"
        r"|computer|chat ?gpt|real|automated)\b",
        r"\bam i (?:talking|speaking|chatting|writing) (?:to|with) (?:an? )?(?:real |actual )?(?:ro?bot|human"
        r"|machine|ai|person|computer)\b|\bis this (?:an? )?(?:ro?bot|ai|automated|real person|human)\b",
        r"\b(?:bist du|sind sie) ein (?:bot|roboter|mensch)|\b(?:êtes-vous|es-tu) un (?:robot|humain)",
        r"\beres (?:un )?(?:robot|bot|human[oa])|\bvocê é (?:um )?(?:robô|bot|humano)|هل [أا]نت (?:روبوت|بوت|[إا]نسان)",
    ),
    "legal_threat": (
        r"\b(?:my|our) (?:lawyer|attorney|solicitor|legal team)s?\b(?! (?:needs|asks|would like|is asking for a copy))",
        r"\b(?:contact|consult|call|hire|get|see|speak to|involve|instruct)(?:ing)? (?:an? )?(?:lawyer|attorney|solicitor)",
        r"\bsue you\b|\bsuing\b|\b(?:will|'ll|going to|gonna) sue\b|\blawsuit\b|\bsmall claims\b",
        r"\bsee you in court\b|\btake (?:you|this|it) to (?:court|the (?:ombudsman|papers|press))\b|\bthen it's court\b",
        r"\b(?:take|taking|consider(?:ing)?|start(?:ing)?|threaten) legal (?:action|steps|proceedings)\b",
        r"\breport(?:ing)? (?:you|this|it|your company) to\b|\bcomplaint with (?:the )?(?:\w+ ){0,3}(?:authority|office|agency|bbb)\b",
        r"\b(?:contact|go to|write to|hear from|inform)(?:ing)? (?:the )?(?:ombudsman|consumer protection|trading standards|regulator)",
        r"\b(?:mein(?:en|em)? anwalt|anwalt einschalten|rechtliche schritte|verklage|anzeige erstatten)\b",
        r"\b(?:mon avocat|porter plainte|poursuites judiciaires|saisir le tribunal)\b",
        r"\b(?:mi abogad[oa]|demandarl[oe]s|voy a demandar|acciones legales|meu advogado|vou processar|procon)\b",
        r"محامي|المحكمة|مقاضا",
    ),
    "churn_threat": (
        r"\b(?:i(?:'ll| will| want to|'d like to|'m| am)?|we(?:'ll| will| want to|'re| are)?|please|then|just)"
        r" (?:going to |gonna |be )?cancel(?:l?ing)? (?:my|our|the|this|everything)"
        r"(?: (?:account|subscription|contract|plan|membership|service|policy)\b|(?= *[.!,]|$))",
        r"\bcancel everything\b|\b(?:close|delete) (?:my|our) account\b|\bend (?:my|our) (?:contract|subscription)\b",
        r"\b(?:taking|take) (?:my|our) (?:business|money|custom) elsewhere\b|\blost (?:me as )?a customer\b",
        r"\b(?:switching|switch|moving|move|going|go) (?:over )?to (?:a |an(?:other)? |the |your )?(?:different |other )?"
        r"(?:competitor|competition|provider|company|bank|other guys)",
        r"\bnever (?:\w+ ){0,3}(?:buy|order|shop|book|fly|use|come back|deal)(?:ing)? (?:\w+ ){0,4}again\b",
        r"\b(?:i'm|i am|we're) (?:so )?done with (?:you|this|your)\b|\bnever again\b",
        r"\b(?:ich|wir) (?:kündige|kündigen)\b|\bkündige ich\b|\bkündigung\b|\b(?:je|nous) (?:résilie|résilions)\b|\bje veux résilier",
        r"\b(?:quiero|voy a) (?:cancelar|darme de baja)\b|\b(?:quero|vou) (?:cancelar|rescindir)\b|إلغاء (?:الاشتراك|اشتراكي|العقد|حسابي)",
    ),
    "refund": (
        r"\brefund(?:s|ed)?\b|\bmoney back\b|\breimburse\w*|\bcharge ?back\b|\bcompensat(?:e|ion)\b",
        r"\b(?:rück)?erstattung\b|\bgeld zurück\b|\brembours\w+|\breembols\w+|\bdevolución\b|\bdinheiro de volta\b",
        r"استرداد|استرجاع",
    ),
    "repeated_demand": (
        r"\b(?:second|third|fourth|fifth|2nd|3rd|4th|5th|\d+th|tenth) time (?:i|i'm|i've|that i|we|i am|i have)\b",
        r"\b(?:as|like) i (?:already )?(?:said|wrote|told|explained)\b|\bhow many (?:more )?times\b",
        r"\bi(?:'ve| have)? already (?:told|said|asked|explained|answered|given|sent) (?:you|this|that|it|them)?\b",
        r"\b(?:asked|told|explained|said|written|sent)\b[^.!?]{0,30}\b(?:twice|(?:three|four|five|six|\d+) times)\b",
        r"\b(?:not what i asked|didn'?t answer my question|haven'?t answered my question|asking again|i ask again)\b",
    ),
    "profanity": (
        r"\bf+u+c+k+\w*|\bf[*#@]{2,}\w*|\bwtf\b|\b(?:bull)?sh[i1*]t+\w*|\bs\*+t\b|\bass ?hole\w*|\bmy ass\b",
        r"\bbastards?\b|\bbitch\w*|\bcunts?\b|\bdickheads?\b|\bpiss off\b|\bscrew you\b|\bgo to hell\b|\bscheiß\w*"
        r"|\bputain\b|\bmierda\b|\bcaralho\b|\bmerda\b",
    ),
    "thanks": (
        r"\b(?:thanks?(?: you| u)?|thx|cheers|much appreciated|danke|merci|gracias|obrigad[oa])\b"
        r"(?! for (?:nothing|wasting|ruining|cancell?ing|losing))|شكرا",
    ),
}  # fmt: skip
# "I don't want to speak to a person" asks for none, and "my doctor calls me back" neither.
NOT_FOR_PERSON = re.compile(
    r"\b(?:don'?t|do not|didn'?t|rather not|no need to|without|instead of|stop|how (?:do|can) (?:my|our)"
    r"|(?:he|she|they|who|doctor|nobody|no one|never|not|please don'?t)(?: will| to| did)?)\b"
    r"[^.!?]{0,24}\b(?:speak|talk|chat|call|calls|calling|ring|phone|transfer|speaking|talking|need)\b",
    re.IGNORECASE,
)


def find_signals(text: str, earlier: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of what is found; `earlier` are the visitor's messages before this one."""
    text = text[:MOST_LETTERS].replace("’", "'")
    found = [name for name, rule in _rules().items() if rule.search(text)]
    if "asks_for_person" in found and NOT_FOR_PERSON.search(text):
        found.remove("asks_for_person")
    if "repeated_demand" not in found and _repeats(text, earlier):
        found.append("repeated_demand")
    if _shouts(text):
        found.append("shouting")
    return tuple(found)


@cache
def _rules() -> dict[str, re.Pattern[str]]:
    return {name: re.compile("|".join(parts), re.IGNORECASE) for name, parts in RULES.items()}


def _repeats(text: str, earlier: Sequence[str]) -> bool:
    words = _content(text)
    return len(words) >= WORDS_TO_COMPARE and any(_alike(words, _content(one)) for one in earlier)


def _content(text: str) -> frozenset[str]:
    # Six letters stand in for a stem: "delivery" and "deliveries" are one demand.
    words = (word.casefold() for word in WORD.findall(text[:MOST_LETTERS]))
    return frozenset(word[:6] for word in words if word not in FILLERS)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if len(other) < WORDS_TO_COMPARE:
        return False
    return len(one & other) / min(len(one), len(other)) >= ALIKE


def _shouts(text: str) -> bool:
    words = [word for word in WORD.findall(text) if len(word) > 1]
    loud = [word for word in words if word.isupper() and word.isalpha()]
    return len(loud) >= SHOUTED_WORDS and len(loud) > len(words) / 2
