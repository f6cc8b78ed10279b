"""Numbers that other languages than English write out: "neun Stunden" are nine of them.

As far as people do that in a sentence to a customer, so up to a hundred. One is left out, since it
is an article too.
"""

from __future__ import annotations

import re
from functools import cache

_FROM_TWO = {
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze "
    "dezesseis dezessete dezoito dezenove",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici "
    "quindici sedici diciassette diciotto diciannove",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien "
    "zestien zeventien achttien negentien",
}
_TENS = {
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert",
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix "
    "cent",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd",
}
_JOINED = re.compile(r"[ -](?:(?:y|e|et)[ -])?")


def numbers_in(text: str, language: str) -> dict[str, float]:
    """What is written out, with its value: "treinta y cinco" is 35."""
    if language not in _FROM_TWO:
        return {}
    found = (match.group() for match in _pattern(language).finditer(text.lower()))
    return {written: _value(written, language) for written in found}


def _value(written: str, language: str) -> float:
    words = _words(language)
    if written in words:
        return words[written]
    return sum(words[part] for part in _JOINED.split(written))


@cache
def _words(language: str) -> dict[str, float]:
    words = {word: float(n) for n, word in enumerate(_FROM_TWO[language].split(), 2)}
    return words | {word: 10.0 * n for n, word in enumerate(_TENS[language].split(), 2)}


@cache
def _pattern(language: str) -> re.Pattern[str]:
    one = "(?:" + "|".join(sorted(_words(language), key=len, reverse=True)) + ")"
    return re.compile(rf"(?<!\w){one}(?:{_JOINED.pattern}{one})?(?!\w)")
