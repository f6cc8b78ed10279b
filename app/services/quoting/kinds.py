"""What kind of answer a question expects, by its wording: a price, a time, a number, steps."""

from __future__ import annotations

import re
from dataclasses import dataclass


def _any_of(*patterns: str, beyond: str = "") -> re.Pattern[str]:
    """Any of these as whole words; `beyond` are those of scripts that join words together."""
    words = rf"\b(?:{'|'.join(patterns)})\b"
    return re.compile(f"{words}|{beyond}" if beyond else words, re.IGNORECASE)


_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|"
    r"forty|fifty|sixty|half|zero|none)\b",
    re.IGNORECASE,
)
_PRICE = _any_of(
    *("eur", "usd", "gbp", "chf", "euros?", "dollars?", "pounds?", "cents?", "free", "gratis"),
    *("kostenlos", "gratuit\\w*", "gr[aá]tis", "costs? nothing", r"\d+ ?%"),
    beyond="[€$£¥₹]|مجان|ريال|درهم",
)
_TIME = _any_of(
    *(r"\d{1,2}:\d\d", "seconds?", "minutes?", "hours?", "days?", "weeks?", "months?", "years?"),
    *("(?:mon|tues|wednes|thurs|fri|satur|sun)days?", "january", "february", "march", "april"),
    *("june", "july", "august", "september", "october", "november", "december", "noon"),
    *("midnight", "until", "overnight", "once", "twice", "h", "min", r"\d+ ?(?:am|pm|h|min|s)"),
    *("sekunden?", "minuten?", "stunden?", "tagen?", "wochen?", "monaten?", "jahren?", "uhr"),
    *("heures?", "jours?", "semaines?", "mois", "ans", "segundos?", "horas?", "d[ií]as?"),
    *("semanas?", "mes(?:es)?", "a[nñ]os?", r"(?:1[5-9]|20)\d\d", "century"),
    beyond="يوم|أيام|ساعة|ساعات|دقيقة|دقائق|أسبوع|شهر",
)
_REASON = _any_of(
    *("because", "since", "so that", "otherwise", "as", "due", "hence", "for", "therefore", "weil"),
    *("da", "denn", "damit", "parce", "car", "porque", "pois"),
    beyond="لأن",
)
_ASKS_PRICE = _any_of(
    *(
        "prices?",
        "costs?",
        "fees?",
        "charge me",
        "expensive",
        "cheap(?:er|est)?",
        "pays?",
        "kostet",
        "kosten",
    ),
    *("how much (?:is|are|does|do|for|would|to)", "preis", "gebühr", "prix", "co[uû]te", "tarif"),
    *("precio", "cuesta", "cu[aá]nto", "preço", "custa", "wieviel"),
    beyond="سعر|تكلفة|بكم",
)
# In "what happens when it rains" the word asks for no time.
_WHENEVER = re.compile(
    r"^(\W*(?:what|how|why|who|which|where|can|could|do|does|did|is|are|was|were|will|would|should|may"
    r"|must|i|my|the)\b.*?(?<!tell me)(?<!know)(?<!say)(?<!see)(?<!and)(?<!or) )when\b",
    re.IGNORECASE,
)
_ASKS_TIME = _any_of(
    *("when", "how (?:long|soon|quick(?:ly)?|fast|old|often|late)", "what time", "until", "till"),
    *("deadline", "duration", "hours", "opening", "valid", "lifespan", "(?:what|which) year"),
    *("how many (?:\\w+ )?(?:years|months|weeks|days|hours|minutes|seconds|winters)", "wann"),
    *("wie lange", "öffnungszeiten", "quand", "combien de temps", "horaires", "cu[aá]ndo"),
    *("cu[aá]nto tiempo", "horario", "quando", "quanto tempo", "(?:are|is) (?:you|the \\w+) open"),
    beyond="متى|كم من الوقت",
)
_ASKS_NUMBER = _any_of(
    *("how (?:many|much|far|big|large|high|heavy|wide|thick|tall|deep|hot|cold|loud|fast|hard)",),
    *("how (?:full|long|old|often|strong|close)", "weight", "discount", "limit", "torque"),
    *("what (?:size|speed|percentage|number|amount|temperature|distance|voltage|date|year|time)",),
    *("maximum", "minimum", "rate", "wie ?viele?", "wie (?:groß|schwer|lang|hoch|weit)"),
    *("combien", "cu[aá]nt[oa]s?", "quant[oa]s?"),
    beyond="كم",
)
_ASKS_HOW = _any_of(
    *("how (?:do|can|could|should|to|would) (?:i|you|we|one|it)", "how to", "what now", "steps"),
    *("what (?:do|should|can) i do", "instructions", "wie (?:kann|mache|geht|stelle|setze|lade)"),
    *("comment", "c[oó]mo"),
    beyond="كيف",
)
_ASKS_WHY = _any_of("why", "reason", "warum", "wieso", "pourquoi", "por qu[eé]", beyond="لماذا")

# Only what stands side by side says which of all is the least or the most.
_ASKS_MOST = _any_of(
    *("cheapest", "(?:most|least|more|less) (?:expensive|powerful)", "(?:small|light|bright)est"),
    *("(?:long|short|heav[iy]|big|larg|strong|fast|quick|high|low)(?:i?est)", "(?:the|your) best"),
    *("compare", "comparison", "differences?", "differ", "versus", "vs"),
)
_ASKS_BOUND = _any_of(
    *("max(?:imum)?", "min(?:imum)?", "limits?", "at (?:most|least)", "until when", "up to"),
    *("how (?:many|much|far|long|large|big|late|often) (?:\\w+ ){0,4}?(?:can|may|must|am|be)",),
    *("how far (?:in advance|ahead|back)", "(?:long|larg|bigg|small|short|high|low|earli|lat)est"),
)
_BOUND = _any_of(
    *(
        "up to",
        "at (?:the )?(?:most|least|longest|latest|earliest)",
        "max(?:imum)?",
        "min(?:imum)?",
    ),
    *("(?:no|not) more than", "no less than", "limit(?:ed)?", "limits", "or (?:more|less|fewer)"),
    *("may (?:have|hold|use|make|take|be|carry|contain)", "within", "the most", "as many as"),
)
_ASKS_WHO = re.compile(r"^\W*(?:by |to |for |with )?(?:who|whom|whose)\b", re.IGNORECASE)
# A name inside of a sentence.
_NAMED = re.compile(r"(?<=[a-z,;:] )[^\W\d_a-z][^\W\d_]+")
_ASKS_MAY = _any_of(
    # "What should I do?" asks for advice, and not for leave.
    *("may (?:i|we|one)", "(?<!what )(?<!how )(?:can|should|must|could|shall) (?:i|we|one|it)"),
    *("allowed", "safe(?:ly)?", "danger\\w*", "avoid", "harm\\w*", "never", "forbidden"),
    *(
        "darf",
        "kann (?:ich|man)",
        "erlaubt",
        "sicher",
        "gefährlich",
        "peut-on",
        "puis-je",
        "permis",
    ),
    *("puedo", "se puede", "seguro", "peligros\\w*", "posso", "pode-se", "perigos\\w*"),
)


@dataclass(frozen=True, slots=True)
class Kinds:
    """What a question asks for; several may be true."""

    price: bool
    time: bool
    number: bool
    how: bool
    why: bool
    # Whether something is allowed, or safe.
    may: bool = False
    # Which of several is the least, the most, or different.
    most: bool = False
    # How much or how many it may be at most, or at least.
    bound: bool = False
    who: bool = False

    def met_by(self, text: str) -> float:
        """1 where what is expected is there, -1 where it is not, 0 where nothing is expected."""
        if self.price:
            return 1.0 if _PRICE.search(text) else -1.0
        if self.time:
            return 1.0 if _TIME.search(text) else -1.0
        if self.number:
            return 1.0 if _NUMBER.search(text) else -1.0
        if self.why:
            return 1.0 if _REASON.search(text) else 0.0
        return 0.0

    def bounded_by(self, text: str) -> bool:
        """Whether a text sets the bound that is asked for."""
        return self.bound and bool(_BOUND.search(text) and _NUMBER.search(text))

    def names_somebody(self, text: str) -> bool:
        return self.who and bool(_NAMED.search(text))


def kinds_of(question: str) -> Kinds:
    question = _WHENEVER.sub(r"\1if", question)
    return Kinds(
        price=bool(_ASKS_PRICE.search(question)),
        time=bool(_ASKS_TIME.search(question)),
        number=bool(_ASKS_NUMBER.search(question)),
        how=bool(_ASKS_HOW.search(question)),
        why=bool(_ASKS_WHY.search(question)),
        may=bool(_ASKS_MAY.search(question)),
        most=bool(_ASKS_MOST.search(question)),
        bound=bool(_ASKS_BOUND.search(question)),
        who=bool(_ASKS_WHO.search(question)),
    )
