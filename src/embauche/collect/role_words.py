"""The words by which transcripts call interviewers and participants, in French and English."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal

from embauche.collect.word_lists import word_list

LabelRole = Literal["interviewer", "participant", "neither"]

_INTERVIEWER: Final = (
    "enquêteur enquêtrice enquêteur·rice enquêteur·trice intervieweur intervieweuse interviewer "
    "interviewers chercheur chercheuse chercheur·e chercheure modérateur modératrice moderator "
    "facilitator facilitateur facilitatrice animateur animatrice assistant assistante ai ia bot "
    "chatbot claude chatgpt researcher questioner question host hôte journaliste journalist "
    "investigator consultant consultante sociologue ethnographe ethnographer observateur "
    "observatrice observer intv int itw enq mod coach examinateur recruteur "
)
_PARTICIPANT: Final = (
    "interviewé interviewée interviewés interviewé·e interviewe interviewee enquêté enquêtée "
    "enquêté·e participant participante participants participant·e répondant répondante "
    "répondant·e respondent informant informateur informatrice informatrices user utilisateur "
    "utilisatrice usager usagère human humain client cliente client·e customer consumer "
    "consommateur consommatrice réponse answer guest invité invitée témoin subject sujet "
    "interlocuteur interlocutrice patient patiente acheteur acheteuse buyer member membre "
    "rép resp part"
)
_NEITHER: Final = (
    "interruption inconnu inconnue unknown bruit bruits noise "
    "background musique music rires rire laughter laughs laughing silence pause inaudible "
    "incompréhensible unintelligible crosstalk applaudissements applause coupure fin end début "
    "start sonnerie toux cough soupir sigh hésitation overlap chevauchement traduction "
    "narrateur narrator note"
)

NOT_SPEAKERS: Final = word_list(
    "note notes nb ps exemple exemples example examples remarque remarques attention question "
    "questions reponse date lieu place duree duration age sexe profession metier resume "
    "summary conclusion introduction contexte context theme themes sujet titre title objet "
    "subject source sources resultat resultats result results avantage avantages inconvenient "
    "inconvenients pros cons pro con probleme probleme solution solutions objectif objectifs "
    "goal goals important warning tip astuce rappel ex eg ie http https url lien link email "
    "mail tel phone adresse address heure time version statut status id code ref reference "
    "transcript transcription transcripteur details detail etape step prix price total budget "
    "par exemple d'abord ensuite enfin bref donc voila alors oui non yes no ok well so first "
    "second third premier deuxieme finally also autre autres other others recording "
    "enregistrement interview entretien langue language pays country ville city nom name "
    "prenom consent consentement verbatim topic tags tag mots-cles keywords fichier file "
    "durée audio video"
)
"""Words that often stand before a colon and name no speaker."""

_LETTER_PAIRS: Final = (
    ("q", "a"), ("q", "r"), ("i", "p"), ("i", "r"), ("e", "i"), ("e", "r"), ("e", "p"), ("m", "p"),
    ("m", "r"), ("r", "p"), ("c", "p"), ("c", "i"), ("c", "e"), ("m", "i"), ("i", "s"), ("h", "g"),
)  # fmt: skip
"""Single letters that go together: first the interviewer's, then the participant's."""


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Fold a label for comparison: small letters, no accents, single spaces, no markup.

    A label of nothing but signs (a dash) stays what it is.
    """
    plain = unicodedata.normalize("NFKD", name.replace("·", ".").casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    bare = re.sub(r"[*#\[\]<>«»\"]", "", plain).replace("’", "'")
    bare = re.sub(r"[\s_]+", " ", bare.replace("\N{NO-BREAK SPACE}", " ")).strip(" _.:-–—'")
    return bare or plain.strip()


def _table() -> dict[str, LabelRole]:
    table: dict[str, LabelRole] = {}
    groups: tuple[tuple[str, LabelRole], ...] = (
        (_NEITHER, "neither"),
        (_PARTICIPANT, "participant"),
        (_INTERVIEWER, "interviewer"),
    )
    for words, role in groups:
        for word in words.split(" "):
            if word:
                table[fold(word)] = role
    return table


ROLE_OF_WORD: Final = _table()
"""Folded word → role."""

_WRITTEN: Final = {
    fold(word): word
    for words in (_PARTICIPANT, _INTERVIEWER)
    for word in words.split(" ")
    if len(word) >= 6 and "·" not in word
}


def role_of_label(key: str) -> LabelRole | None:
    """Return the role that a folded label says, or ``None`` when it says none.

    ``"interviewer 2"``, ``"chercheuse anne"``, ``"participant p03"`` are told by their first word;
    a number after it distinguishes people and says nothing of the role.
    """
    if key in ROLE_OF_WORD:
        return ROLE_OF_WORD[key]
    words = re.findall(r"[^\W\d_]+(?:\.[^\W\d_]+)*", key)
    if not words or key[0].isdigit():
        return None
    first = ROLE_OF_WORD.get(words[0])
    if first == "neither" or (first is not None and len(words[0]) > 1 and len(words) <= 3):
        return first
    # The role may come last, as in Jean (enquêteur) or UX researcher.
    if len(words) <= 4 and words[-1] in ROLE_OF_WORD and len(words[-1]) >= 5:
        last = ROLE_OF_WORD[words[-1]]
        return last if last != "neither" else None
    return None


def is_role_word(key: str) -> bool:
    """Say whether a folded label is a bare role word (with or without a number)."""
    return re.sub(r"[\s\d#n°.]+$", "", key) in ROLE_OF_WORD


def misspelt_role_word(key: str) -> str | None:
    """Return the role word (as written properly) that a label is one slip away from.

    ``None`` when the label is a role word itself, when none is near, or when two words of
    different roles are equally near ("interviewes").
    """
    if len(key) < 6 or role_of_label(key) is not None:
        return None
    near = [word for word in _WRITTEN if edits(key, word, 1) <= 1]
    if not near or len({ROLE_OF_WORD[word] for word in near}) > 1:
        return None
    return _WRITTEN[near[0]]


def roles_of_letters(keys: set[str]) -> dict[str, LabelRole]:
    """Return the roles of single-letter labels, when the set of them forms a known pair."""
    letters = {key for key in keys if re.fullmatch(r"[a-z]\d{0,2}", key)}
    bases = {key[0] for key in letters}
    for asks, answers in _LETTER_PAIRS:
        if bases == {asks, answers}:
            return {key: "interviewer" if key[0] == asks else "participant" for key in letters}
    return {}


def edits(one: str, other: str, most: int) -> int:
    """Return the Damerau–Levenshtein distance of two words, or ``most + 1`` when it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)
