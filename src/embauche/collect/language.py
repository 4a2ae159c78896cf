"""French or English: told from a whole text."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from embauche.collect.word_lists import word_list
from embauche.vocabulary import Language

_ENOUGH = 6000
_FUNCTION_WORDS = {
    Language.FR: word_list(
        "le la les un une de des du et est que qui je tu il elle on nous vous ils pas ne en à a "
        "au pour dans ce ça c'est sur avec plus mais y se sont très comme ou si donc bien par "
        "j'ai mon"
    ),
    Language.EN: word_list(
        "the a an of to and is that i you he she we they it not in on for with this was are but "
        "be have my so at as or if do can just very from by about it's i'm don't me would what"
    ),
}
_LEAST_SHARE = 0.15


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    # An identifier of our own: the module's functions share one whose languages anyone may set.
    load = getattr(LanguageIdentifier, "from_model_file", None)
    identifier = (load or LanguageIdentifier.from_pickled_model)(MODEL_FILE)
    identifier.set_languages(["fr", "en"])
    return identifier


def tell_language(text: str) -> Language:
    """Tell French from English; the first 6,000 characters decide."""
    sample = text[:_ENOUGH]
    if not sample.strip():
        return Language.FR
    return Language(_identifier().classify(sample)[0])


def language_is_doubtful(text: str, language: Language) -> bool:
    """Say whether a text of some length hardly has the language's commonest words.

    The identifier knows only French and English, so a German text would be called one of them
    without a doubt; its share of function words (French and English speech: 30 to 50 %) tells.
    """
    words = re.findall(r"[\w'’]+", text[:_ENOUGH].casefold().replace("’", "'"))
    if len(words) < 60:
        return False
    common = _FUNCTION_WORDS[language]
    return sum(word in common for word in words) < _LEAST_SHARE * len(words)
