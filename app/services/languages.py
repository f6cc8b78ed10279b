"""Which language a text is written in: told by its script and by the small words in it.

Cheap on purpose, since it is asked for every message; a text too short to tell falls back.
"""

from __future__ import annotations

import re
from collections import defaultdict

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
LETTERS_LOOKED_AT = 2_000
# A script is the answer, or at least leaves few; the share of letters that it must have.
SCRIPT_SHARE = 0.3
SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
# Two small words, or one and a telling letter.
ENOUGH = 2.0
LETTER = 1.0
SMALL_WORDS = {
    "en": (
        "the and is are what how do does can i my you your of to in for with this that it not "
        "when where why who would could please have has was want need there from about will "
        "don't isn't it's i'm hello thanks"
    ),
    "de": (
        "der die das und ist sind wie was ich sie mein meine nicht ein eine einen mit für auf "
        "wo wann kann können bitte habe haben wird werden es zu von dem den im ihr ihre auch "
        "wenn noch mir uns hallo danke gibt aus bei oder warum wieviel möchte hat wer sich nach"
    ),
    "fr": (
        "le la les et est sont comment que qui quoi je vous mon ma mes pas un une des avec pour "
        "sur où quand peux puis pouvez s'il plaît ai avez être du au aux ce cette dans il elle "
        "bonjour merci votre vos nous mais ou quel quelle combien c'est n'est j'ai qu'est puis-je"
    ),
    "es": (
        "el la los las y es son cómo como qué que yo usted mi mis no un una con para por dónde "
        "donde cuándo cuando puedo puede favor tengo tiene está del al lo su se en hola gracias "
        "cuánto cuanto cuesta pero o hay quiero mucho muy sin tienen me envío"
    ),
    "pt": (
        "o os as e é são como que eu você meu minha não um uma com para por onde quando posso "
        "pode favor tenho tem está do da dos das ao no na em olá obrigado obrigada quanto custa "
        "mas ou quero muito sem vocês isso meus qual há"
    ),
    "it": (
        "il lo gli e è sono come che io mio mia non un una con per dove quando posso può favore "
        "ho ha del della dei al nel di ciao grazie quanto costa ma o questo questa vorrei anche "
        "si perché quale delle avete"
    ),
    "nl": (
        "de het en is zijn hoe wat ik u mijn niet een met voor op waar wanneer kan kunt "
        "alstublieft heb heeft wordt worden er van ook als nog mij ons hallo bedankt dank uit bij "
        "of waarom hoeveel graag jullie je naar deze dit aan te"
    ),
    "pl": (
        "i jest są jak co ja mój moja nie z dla na gdzie kiedy mogę może proszę mam ma do od w "
        "że to się czy cześć dziękuję ile kosztuje ale lub jaki jaka dlaczego chcę po przez"
    ),
    "tr": (
        "ve bir bu ne nasıl ben benim değil ile için nerede zaman lütfen var yok mı mi mu mü "
        "merhaba teşekkürler kadar ama veya neden istiyorum çok daha olan bana siz hangi"
    ),
    "sv": "och är hur vad jag min inte ett med för på var när kan har det att som hej tack av",
    "da": "og er hvordan hvad jeg min ikke et med for på hvor hvornår kan har det at som hej tak",
    "id": "dan yang di apa bagaimana saya tidak dengan untuk ini itu bisa ada ke dari terima kasih",
}
# What people write to a shop in one language only; one of them is enough.
OWN_WORDS = {
    "en": (
        "shipping ship deliver delivery refund order return invoice hello thanks password broken "
        "warranty guarantee light which"
    ),
    "de": (
        "danke hallo versand bestellung lieferung rückgabe rechnung kostet kosten wieviel "
        "bestellen bezahlen zahlen umtauschen passwort kaputt öffnungszeiten rücksendung tschüss"
    ),
    "fr": (
        "bonjour merci livraison commande remboursement facture combien horaires salut "
        "retourner rembourser paiement colis panne revoir bonsoir marche fonctionne"
    ),
    "es": (
        "gracias cuánto cuanto devolución garantía buenos buenas quiero puedo contraseña adiós "
        "tarjeta funciona"
    ),
    "pt": (
        "obrigado obrigada olá encomenda fatura devolução grátis senha frete horário entrega "
        "tchau vocês produto envio"
    ),
    "it": "grazie ciao spedizione ordine rimborso fattura garanzia buongiorno",
    "nl": "bedankt bestelling verzending terugbetaling factuur hoeveel",
    "pl": "dziękuję cześć zamówienie dostawa zwrot faktura gwarancja",
    "tr": "teşekkürler merhaba sipariş siparişim kargo iade",
}
TELLING_LETTERS = {
    "de": "ßäöü",
    "fr": "çœêèàùûîôë",
    "es": "ñ¿¡",
    "pt": "ãõç",
    "it": "ìòù",
    "pl": "ąęłńśźżć",
    "tr": "ığş",
    "sv": "å",
    "da": "øæ",
}
_LANGUAGES_OF: dict[str, tuple[str, ...]] = {}
for _language, _words in SMALL_WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF[_word] = (*_LANGUAGES_OF.get(_word, ()), _language)
_OWNER_OF = {word: language for language, words in OWN_WORDS.items() for word in words.split()}
# What each word says for which language. One that several languages have says less about each.
_POINTS: dict[str, list[tuple[str, float]]] = defaultdict(list)
for _word, _language in _OWNER_OF.items():
    _is_shared = len(_LANGUAGES_OF.get(_word, ())) > 1
    _POINTS[_word].append((_language, ENOUGH - (1.0 if _is_shared else 0.0)))
for _word, _languages in _LANGUAGES_OF.items():
    _POINTS[_word] += [(_language, 1 / len(_languages) ** 0.5) for _language in _languages]


def language_of(text: str, fallback: str = "en") -> str:
    """Two letters of ISO 639-1; `fallback` where the text is too short to tell."""
    text = text[:LETTERS_LOOKED_AT]
    return _by_script(text) or _by_words(text.lower(), fallback)


def _by_script(text: str) -> str:
    if text.isascii():
        return ""
    letters = sum(map(str.isalpha, text))
    for language, script in SCRIPTS:
        if letters and len(script.findall(text)) >= SCRIPT_SHARE * letters:
            return "uk" if language == "ru" and UKRAINIAN.search(text) else language
    return ""


def _by_words(text: str, fallback: str) -> str:
    points: defaultdict[str, float] = defaultdict(float)
    # Each word counts once: "pour … pour …" is a recipe, and not French twice over.
    for word in dict.fromkeys(WORD.findall(text.replace("’", "'"))):
        for language, says in _POINTS.get(word, ()):
            points[language] += says
    if not text.isascii():
        there = set(text)
        for language, letters in TELLING_LETTERS.items():
            if not there.isdisjoint(letters):
                points[language] += LETTER
    if not points:
        return fallback
    best, most = max(points.items(), key=lambda pair: pair[1])
    # What stands as well for the language that is expected is taken for it.
    return best if most >= ENOUGH and most > points.get(fallback, 0.0) else fallback
