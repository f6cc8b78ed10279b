"""What the check has to know of a language: its little words, its denials, its stems."""

from __future__ import annotations

from app.services.languages import SMALL_WORDS

ENGLISH = "en"
# How PyStemmer names them; other languages are compared by whole words.
STEMMERS = {
    "en": "porter",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "sv": "swedish",
    "da": "danish",
    "ru": "russian",
    "tr": "turkish",
}
_ENGLISH_LITTLE = """
a an the of and to is in that it for on are as with be this by have or from at they you your we our
us can will if has was were which when do does their its there would should been into than then
them these those i me my he she his her may so such about am being did had could might shall must
what who whom whose how where i'm i'll you'll we'll it's that's there's you're we're they're you've
we've i've let's don't doesn't isn't aren't can't won't cannot not no but
"""
_DENYING = {
    "en": "not no never without cannot none nobody nothing neither nor nowhere hardly impossible "
    "unable unavailable forbidden prohibited",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals ohne nichts niemand weder",
    "fr": "pas jamais sans aucun aucune rien ni personne non",
    "es": "no nunca sin ningún ninguna ninguno nada nadie ni jamás tampoco",
    "it": "non mai senza nessun nessuna nessuno niente nulla né",
    "nl": "niet geen nooit zonder niets niemand noch",
    "pt": "não nunca sem nenhum nenhuma nada ninguém nem jamais",
    "sv": "inte ingen inget inga aldrig utan",
    "da": "ikke ingen intet aldrig uden",
    "pl": "nie bez nigdy żaden nic",
    "tr": "değil yok hiç asla",
    "ru": "не нет без никогда ничего никто нельзя",
}
DENYING = {code: frozenset(words.split()) for code, words in _DENYING.items()}
LITTLE = {code: frozenset(words.split()) for code, words in SMALL_WORDS.items()}
LITTLE[ENGLISH] = frozenset(_ENGLISH_LITTLE.split())
