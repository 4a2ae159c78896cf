"""Fit a product and a situation into French sentences: elisions, contractions, articles."""

from __future__ import annotations

import re
import unicodedata
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ARTICLED: Final = re.compile(
    r"(?:le|la|les|un|une|des|du|mon|ma|mes|notre|nos|votre|vos|ce|cet|cette|ces|de la)\s|l['’]",
    re.IGNORECASE,
)
_MUTE_H: Final = re.compile(
    r"h(?:abit|aleine|alog|armon|ebdo|eberg|erb|eredi|esit|eur|iver|istoir|omm|onn|onor|"
    r"opital|oraire|orizon|orloge|otel|otesse|otellerie|uile|uissier|uitre|umain|umeur|umid|"
    r"umour|ydr|ygien|ymne|ypno|ypo|armoni|ectare|elic|emi|ermes|elene|enri|ormon|ortic|"
    r"ospit)",
)
"""Words before whose h French elides; before any other h, brands included, it does not."""
_NEVER_ELIDED: Final = re.compile(r"(?:onz|ouistiti|oui\b|ouat|uhlan|y[aeiou]|week|wat)")
_NOT_VERBS: Final = _words(
    "hiver hier atelier chantier metier papier courrier dossier janvier fevrier premier dernier "
    "quartier calendrier panier cahier mer fer ver cancer diner dejeuner gouter souper loisir "
    "avenir souvenir plaisir desir soir espoir pouvoir devoir savoir miroir couloir trottoir "
    "histoire memoire territoire laboratoire lire affaire salaire anniversaire horaire vocabulaire "
    "formulaire notaire inventaire partenaire titre semestre trimestre cadre lettre centre rentre "
    "fenetre chambre ombre nombre cuir tir scooter leader manager hamster poster reporter "
    "ordre livre autre propre entree heure culture rupture facture voiture lecture "
    "couture nature fermeture ouverture signature procedure mesure coiffure reliure "
    "guerre terre verre pierre biere carriere matiere priere premiere derniere maniere annee "
    "affaires faire-part cimetiere trimestriel coeur"
)
"""Nouns and adjectives that end as infinitives do."""
_VERBS_IN_RE: Final = _words(
    "faire refaire defaire prendre reprendre apprendre comprendre rendre vendre revendre attendre "
    "entendre descendre perdre repondre mettre remettre permettre promettre transmettre soumettre "
    "suivre poursuivre vivre ecrire decrire inscrire lire relire elire dire redire conduire "
    "produire traduire reduire construire detruire cuire boire croire connaitre reconnaitre "
    "naitre paraitre plaire taire rire sourire battre combattre rejoindre joindre peindre "
    "eteindre atteindre craindre plaindre resoudre coudre moudre convaincre vaincre conclure "
    "inclure exclure fondre confondre tendre etendre pendre dependre suspendre defendre etre "
    "satisfaire distraire extraire soustraire surprendre entreprendre correspondre tondre mordre "
    "interrompre rompre corrompre instruire nuire luire seduire introduire"
)
_ADVERBIAL: Final = re.compile(
    r"(?:a|au|aux|a\s+la|avant|apres|pendant|durant|lors|en|dans|sur|sous|chez|devant|derriere|"
    r"entre|avec|sans|pour|par|vers|depuis|des|quand|lorsque?|si|comme|ou|la\s+(?:veille|nuit|"
    r"semaine)|le\s+(?:soir|matin|midi|dimanche|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    r"week-end|jour)|chaque|tous?\s+les|toutes\s+les|au\s+moment|hors|loin|pres|face|contre|"
    r"malgre|faute|quotidiennement|souvent|parfois)\b|l(?:orsqu|e\s+jour\s+o)"
)


def folded(text: str) -> str:
    """Return the text in lower case without accents, apostrophes straight."""
    plain = unicodedata.normalize("NFD", text.lower().replace("’", "'").replace("œ", "oe"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def elides(name: str) -> bool:
    """Tell whether « de », « que », « le » lose their vowel before a name."""
    plain = folded(name.lstrip("«\"“' \u00a0\u202f"))
    if not plain or _NEVER_ELIDED.match(plain):
        return False
    if plain[0] == "h":
        return bool(_MUTE_H.match(plain))
    # « d’Yves », but « de Yahoo »: before a vowel the y is a consonant.
    return plain[0] in "aeiouy"


def named_product(product: str) -> str:
    """Return the product as a noun phrase: a brand as it is, a bare common noun with « votre »."""
    product = product.replace("'", "’")
    if product[0].islower() and not re.match(r"[a-z][A-Z]", product):  # iCloud, eBay
        if _ARTICLED.match(product):
            return product
        first = re.split(r"[\s-]", folded(product))[0]
        plural = first.endswith(("s", "x")) and first not in {"acces", "cours", "devis", "prix"}
        return f"{'vos' if plural else 'votre'} {product}"
    # « L’application », typed with a capital as one begins a form.
    if _ARTICLED.match(product) and _common(product):
        return product[0].lower() + product[1:]
    return product


def _common(product: str) -> bool:
    """Tell a common noun with its article from a brand that begins with one (« Les Échos »)."""
    rest = _ARTICLED.sub("", product, count=1)
    return bool(rest) and rest[0].islower()


def of(name: str) -> str:
    """Put « de » before a noun phrase: « d’Évernote », « du logiciel », « des carnets »."""
    return _contracted(name, {"le ": "du ", "les ": "des "}) or (
        f"d’{name}" if elides(name) else f"de {name}"
    )


def to(name: str) -> str:
    """Put « à » before a noun phrase: « à Notion », « au logiciel », « aux carnets »."""
    return _contracted(name, {"le ": "au ", "les ": "aux "}) or f"à {name}"


def that(name: str) -> str:
    """Put « que » before a noun phrase: « qu’Évernote », « que Notion »."""
    return f"qu’{name}" if elides(name) else f"que {name}"


def _contracted(name: str, pairs: dict[str, str]) -> str | None:
    for article, contraction in pairs.items():
        # Articles of brands contract as well when people speak: « du Monde », « aux Échos ».
        if name.lower().startswith(article):
            return contraction + name[len(article) :]
    return None


def when(situation: str) -> str:
    """Return a situation as what may stand at the end of « Parlons d’une fois précise, … ».

    « préparer un devis » → « au moment de préparer un devis »; « un déménagement » → « lors d’un
    déménagement »; « sur un chantier » and « quand un client appelle » stay as they are.
    """
    text = _addressed(_small(situation.replace("'", "’")))
    plain = folded(text)
    if re.match(r"je\s|j'", plain):
        return f"quand {text}"
    if re.match(r"(?:de\s|d')", plain) and _is_infinitive(re.sub(r"^(?:de\s+|d')", "", plain)):
        return f"au moment {text}"
    if not _ARTICLED.match(text) and _is_infinitive(plain):
        return f"au moment {of(text)}"
    if _ADVERBIAL.match(plain):
        return text
    if _ARTICLED.match(text):
        return f"lors {of(text)}"
    first = plain.split(" ")[0]
    return f"lors de {'vos' if first.endswith(('s', 'x')) and len(first) > 3 else 'votre'} {text}"


def _addressed(text: str) -> str:
    """Say « faire vos comptes » to the participant where « faire ses comptes » was written."""
    pairs = {"se": "vous", "ses": "vos", "mes": "vos", "son": "votre", "sa": "votre"}
    pairs |= {"mon": "votre", "ma": "votre", "me": "vous"}
    return re.sub(
        r"\b(?:(se|ses|mes|son|sa|mon|ma|me)(?=\s)|[sm]’(?=[a-zéèêàâîôû]+(?:er|ir|re)\b))",
        lambda found: pairs[found[1]] if found[1] else "vous ",
        text,
    )


def _small(text: str) -> str:
    """Return the text with a small first letter, unless its first word is a name or an acronym."""
    first = text.split(" ", maxsplit=1)[0]
    return text if first[1:] != first[1:].lower() else text[0].lower() + text[1:]


def _is_infinitive(plain: str) -> bool:
    words = re.sub(r"^(?:ne\s+pas\s+)?(?:se\s+|s'|me\s+|m'|vous\s+)?", "", plain).split(" ")
    first = words[0]
    if first in _NOT_VERBS or len(first) < 3:
        return False
    return first in _VERBS_IN_RE or first.endswith(("er", "ir"))
