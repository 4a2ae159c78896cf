"""The words by which surveys name their columns, in French and English."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from embauche.collect.role_words import fold


def tokens(name: str) -> tuple[str, ...]:
    """Split a column name (``VisitFrequency``, ``visit_frequency``) into folded words."""
    spaced = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(re.findall(r"[a-z]+|\d+", fold(spaced)))


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


STRONG_DEMOGRAPHICS: Final = _words(
    "gender sex sexe genre age ages agegroup agegrp ageg agecat ageband income incomes revenu "
    "revenus salaire salary education educ diplome diploma degree schooling occupation profession "
    "job metier csp pcs marital matrimonial ethnicity race religion nationality nationalite "
    "birthyear yob birth naissance postcode zipcode zip country pays household foyer menage"
)
"""Words that name who people are whatever stands around the column."""

DEMOGRAPHICS: Final = STRONG_DEMOGRAPHICS | _words(
    "region state etat province department departement city ville commune language langue "
    "relationship married couple children enfants kids family famille familial familiale "
    "college class university etudes studies student etudiant employment emploi work sector "
    "secteur urban rural housing logement postal nationality status statut area town habitat "
    "seniority anciennete industry"
)
SITUATION: Final = _words(
    "purpose type device mealplan live living occasion moment lieu place situation context "
    "contexte when where whom quand ou companion companions accompagne accompanied alone seul "
    "channel canal month mois weekday weekend season saison day jour time hour heure visitor "
    "traffic browser system systems os platform plateforme appareil special trip travel "
    "voyage usage use with avec constraint contrainte duration location endroit device plan "
    "class latest event"
)
FREQUENCY: Final = _words(
    "frequency frequence freq often visits visites nvisits nflights nvisites ntrips npurchases "
    "norders nachats recurrence"
)
_COUNTED = _words(
    "flights visits visites trips purchases orders stays uses achats commandes voyages vols "
    "sejours bookings times fois sessions"
)
WEIGHT: Final = _words("weight weights poids pond ponderation wgt wt redressement pweight")
ID: Final = _words(
    "id ident identifiant respid respondent repondant uuid uid guid caseid participantid"
)
GROUPING: Final = _words(
    "cluster clusters segment segments segmentation persona typologie kmeans lca"
)
CODES: Final = _words(
    "region state country browser system systems os traffic type code category categorie "
    "departement department occupation csp pcs province group groupe"
)
"""Names of columns whose numbers are codes without an order."""

OUTCOME_TIERS: Final = (
    _words(
        "purchase purchased purchases bought buy buys buyer revenue renewed renewal renew churn "
        "churned achat achete rachat reachat renouvele renouvellement resilie resiliation "
        "desabonnement attrition converted conversion retained retention subscribed abonne outcome "
        "resultat"
    ),
    _words(
        "spend spending spent depense depenses behaviour behavior comportement amount montant ca"
    ),
    _words("nps recommend recommendation recommande recommandation recommander"),
    _words("loyalty fidelite loy intention repurchase"),
)
"""Words of what matters in the end: deeds first, then money and behaviour, then what people say."""

IMPORTANCE: Final = _words(
    "imp importance important importances expectation expectations exp expect attente attentes i e"
)
SATISFACTION: Final = _words("sat satisfaction satisfied satisf satisfactions performance perf s p")


def names_frequency(name: str) -> bool:
    """Say whether a column name asks how often."""
    words = tokens(name)
    if any(word in FREQUENCY for word in words):
        return True
    counted = (
        re.fullmatch(r"(?:n|nb|nbr|num|number|nombre|count)(.*)", "".join(words[:1])) is not None
    )
    return bool(
        (words and words[-1] in _COUNTED and (counted or len(words) > 1))
        or (words and words[0].startswith("n") and words[0][1:] in _COUNTED)
    )


_YOUR: Final = frozenset({"your", "votre", "vos", "quel"})
_PERSONAL: Final = _words(
    "age gender sex sexe genre income revenu revenus salaire salary education diplome occupation "
    "profession nationality nationalite religion csp"
)
_LONGEST_NAME, _LONGEST_QUESTION = 4, 9


def names_strong_demographic(name: str) -> bool:
    """Say whether a column name is about who people are, and about nothing else."""
    words = tokens(name)
    if not words or len(words) > _LONGEST_QUESTION:
        return False
    pairs = set(pairwise(words))
    if pairs & {("how", "old"), ("d", "age")} or any(
        one in _YOUR and other in _PERSONAL for one, other in pairs
    ):
        return True  # "How old are you?", « Votre tranche d'âge », « Quels sont vos revenus ? »
    return len(words) <= _LONGEST_NAME and (
        words[0] in STRONG_DEMOGRAPHICS or words[-1] in STRONG_DEMOGRAPHICS
    )


def outcome_tier(name: str) -> int | None:
    """Return how directly a column name speaks of the outcome (0 is best), or ``None``."""
    words = tokens(name)
    for tier, vocabulary in enumerate(OUTCOME_TIERS):
        if any(word in vocabulary for word in words):
            return tier
    return None
