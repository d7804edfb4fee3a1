"""Tells which language a question is in, by the small words that every sentence needs."""

import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

from domain.answers.finding.spelling import SHORT_MISTAKES

ENGLISH: Final = "en"
OTHER: Final = "other"
"""A script that the handbook isn't written in."""

_FEWEST: Final = 2


def bare(word: str) -> str:
    """A word without its accents, as many people type it."""
    apart = unicodedata.normalize("NFD", word)
    return "".join(each for each in apart if not unicodedata.combining(each))


def _words(text: str) -> frozenset[str]:
    return frozenset(map(bare, text.split()))


SMALL_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "es": _words(
        "el la los las un una unos unas de del al que qué cual cuál cuales cuáles quien quién"
        " quienes cómo como cuándo cuando dónde donde por para con sin en es son está están ser"
        " hay tiene tengo debe debo hacer hago se su sus mi mis y o lo me nos puedo necesito"
        " sobre entre más si porqué significa"
    ),
    "fr": _words(
        "le la les un une des de du au aux que qu quoi quel quelle quels quelles qui comment"
        " quand où pourquoi pour par avec sans dans en est sont être il elle on y et ou ce c cette"
        " ces je j dois doit faire fait se sa son ses mon mes ma nous vous ne pas sur entre plus"
        " combien est-ce l d à puis peut faut veut dire signifie"
    ),
    "de": _words(
        "der die das den dem des ein eine einen einem einer und oder ist sind was wer wie wann wo"
        " warum welche welcher welches wofür für mit ohne von vom zu zum zur im in auf aus bei"
        " ich wir muss müssen kann können soll sollen macht machen es er sie mein meine nicht"
        " zwischen wird werden braucht brauche brauchen gehört bedeutet über"
    ),
    "it": _words(
        "il lo la gli le un uno una di del della dei delle che cosa cos chi come quando dove"
        " perché per con senza in nel nella è sono essere si mi e o ci deve devo fare fa mio mia"
        " quale quali tra più significa"
    ),
    "pt": _words(
        "o os a as um uma uns umas de do da dos das que qual quais quem como quando onde por para"
        " com sem em no na é são ser está se meu minha e ou deve devo fazer faz não sobre entre"
        " mais significa preciso"
    ),
    "nl": _words(
        "de het een van en of is zijn wat wie hoe wanneer waar waarom welke voor met zonder op in"
        " uit bij ik wij moet moeten kan kunnen mijn niet tussen wordt worden je naar dit dat"
        " maakt betekent"
    ),
    ENGLISH: _words(
        "the a an of to and or is are was be what who how when where why which for with without in"
        " on at by from do does did i we you my our your it this that can could should must may"
        " not between goes into need have has if me about who's what's there will would as so am"
        " they he she his their between up out get make tell please"
    ),
}

SENTENCES: Final[Mapping[str, str]] = {
    "es": "El manual de la PMO está en inglés: pregunta en inglés, por favor.",
    "fr": "Le manuel du PMO est en anglais : merci de poser la question en anglais.",
    "de": "Das Handbuch des PMO ist auf Englisch: bitte stelle die Frage auf Englisch.",
    "it": "Il manuale del PMO è in inglese: fai la domanda in inglese, per favore.",
    "pt": "O manual do PMO está em inglês: faça a pergunta em inglês, por favor.",
    "nl": "Het handboek van het PMO is in het Engels: stel je vraag alsjeblieft in het Engels.",
    OTHER: "The PMO's handbook is in English: please ask in English.",
}


def language_of(words: Collection[str], text: str) -> str:
    """The language of a question by its folded words: a code of two letters, or `other`."""
    if _is_another_script(text):
        return OTHER
    meant = [SHORT_MISTAKES.get(word, word) for word in words]
    plain = [bare(word) for word in words]
    counts = {code: sum(word in small for word in plain) for code, small in SMALL_WORDS.items()}
    counts[ENGLISH] = sum(word in SMALL_WORDS[ENGLISH] for word in meant)
    best = max(counts, key=lambda code: (counts[code], code == ENGLISH))
    is_clear = counts[best] >= _FEWEST and counts[best] > counts[ENGLISH]
    if is_clear or (counts[best] and not counts[ENGLISH] and _is_marked(text)):
        return best
    return ENGLISH


def _is_marked(text: str) -> bool:
    """Whether it has letters or signs that English does without."""
    return any(each in "¿¡ñßäöüáéíóúàèùâêîôûçãõ" for each in text.casefold())


def _is_another_script(text: str) -> bool:
    letters = [each for each in text[:400] if each.isalpha()]
    others = sum(not unicodedata.name(each, "").startswith("LATIN") for each in letters)
    return bool(letters) and others > len(letters) / 2
