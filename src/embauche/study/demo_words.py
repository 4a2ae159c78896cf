"""The words of the fictional note-taking study, written once in French and once in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from embauche.vocabulary import Language


@dataclass(frozen=True, slots=True)
class DemoWords:
    """File names, column titles and answers of the fictional study in one language."""

    interviews: str
    survey: str
    customers: str
    id: str
    needs: tuple[str, ...]
    outcomes: tuple[str, ...]
    importance: str
    satisfaction: str
    situations: tuple[str, ...]
    situation_answers: tuple[tuple[str, ...], ...]
    frequency: str
    age: str
    gender: tuple[str, ...]
    income: tuple[str, ...]
    region: tuple[str, ...]
    renewed: str
    yes: str
    no: str
    customer_id: str
    plan: tuple[str, ...]
    value: str
    study_toml_template: str
    guide_situation: str
    guide_audience: str

    @property
    def study_toml(self) -> str:
        """Text of the study's ``study.toml``."""
        needs = "".join(f'  "{need}",\n' for need in self.needs)
        return self.study_toml_template.replace("{needs}", needs)


_FRENCH_TOML = """\
# Étude fictive qui accompagne Embauche : rien ici ne parle de vraies personnes.

[study]
title = "Prendre des notes"
product = "Feuillet"
language = "fr"
question = "Pourquoi embauche-t-on une application de notes, et qu’est-ce qui est mal servi ?"
fictional = true

[interviews]
files = ["entretiens/*"]
interviewer_speakers = ["Enquêtrice", "Enquêteur"]

[survey]
file = "sondage.csv"
id = "répondant"
needs = [
{needs}]
importance = ["importance : *"]
satisfaction = ["satisfaction : *"]
frequency = "notes par semaine"
situation = ["lieu", "avec qui", "réseau"]
demographics = ["âge", "genre", "revenu", "région"]
outcome = "a renouvelé"

[survey.jobs]
"Retrouver une note vite devant quelqu'un" = "Retrouver une note précise devant quelqu'un qui attend"
"Noter sur le moment sans lâcher ce que je fais" = "Noter sur le moment sans lâcher ce qu'on fait"
"Transformer une réunion en tâches que l'équipe suit" = "Transformer une réunion en tâches suivies par chacun"
"Rassembler des idées éparpillées pour écrire" = "Rassembler des idées éparpillées pour écrire"
"Garder une trace qui prouve ce qui a été convenu" = "Garder une trace datée de ce qui a été convenu"
"Ne plus craindre d'oublier" = "Éviter la crainte d'avoir oublié quelque chose"
"Avoir l'air préparé et sérieux" = "Être perçu comme quelqu'un de préparé sur qui on peut compter"
"Ranger ce que j'ai noté" = "Ranger ses notes pour que chaque chose soit à sa place"

[customers]
file = "clients.csv"
id = "client"
value = "valeur annuelle"

[offer]
"Recherche plein texte" = "Trouve un mot dans toutes les notes, aussi sans réseau."
"Dictée" = "Une pression longue enregistre et transcrit."
"Partage" = "Une note se partage par lien, en lecture seule."
"Rappels" = "Une note peut revenir à une heure choisie."
"""

_ENGLISH_TOML = """\
# The fictional study that ships with Embauche: nothing here is about real people.

[study]
title = "Taking notes"
product = "Feuillet"
language = "en"
question = "Why do people hire a note-taking app, and what is badly served?"
fictional = true

[interviews]
files = ["interviews/*"]
interviewer_speakers = ["Interviewer"]

[survey]
file = "survey.csv"
id = "respondent"
needs = [
{needs}]
importance = ["importance: *"]
satisfaction = ["satisfaction: *"]
frequency = "notes per week"
situation = ["place", "with whom", "network"]
demographics = ["age", "gender", "income", "region"]
outcome = "renewed"

[survey.jobs]
"Find a note again fast in front of somebody" = "Find the right note while somebody is waiting for the answer"
"Capture something without stopping what I am doing" = "Capture something on the spot without stopping what is under way"
"Turn a meeting into tasks that the team follows" = "Turn a meeting into tasks that people carry out"
"Pull scattered ideas together to write" = "Pull scattered ideas together into one piece of writing"
"Keep a record that proves what was agreed" = "Keep a record of what was said, for the day it is disputed"
"Stop worrying about forgetting" = "Avoid worrying about having forgotten something"
"Come across as prepared and serious" = "Be seen as prepared in front of others"
"Tidy up what I noted" = "Tidy up the notes that have piled up"

[customers]
file = "customers.csv"
id = "customer"
value = "yearly value"

[offer]
"Full-text search" = "Finds a word in every note, without network too."
"Dictation" = "A long press records and transcribes."
"Sharing" = "A note is shared by link, read-only."
"Reminders" = "A note can come back at a chosen hour."
"""

WORDS: Final[Mapping[Language, DemoWords]] = {
    Language.FR: DemoWords(
        interviews="entretiens",
        survey="sondage.csv",
        customers="clients.csv",
        id="répondant",
        needs=(
            "Retrouver une note vite devant quelqu'un",
            "Noter sur le moment sans lâcher ce que je fais",
            "Transformer une réunion en tâches que l'équipe suit",
            "Rassembler des idées éparpillées pour écrire",
            "Garder une trace qui prouve ce qui a été convenu",
            "Ne plus craindre d'oublier",
            "Avoir l'air préparé et sérieux",
            "Ranger ce que j'ai noté",
        ),
        outcomes=(
            "Réduire le temps pour retrouver une note devant quelqu'un",
            "Réduire le nombre de gestes pour noter les mains prises",
            "Augmenter la part des tâches de réunion réellement suivies",
            "Réduire le temps pour rassembler ses notes avant d'écrire",
            "Augmenter la valeur de preuve d'une note",
            "Réduire la probabilité d'oublier quelque chose d'important",
            "Augmenter la probabilité d'arriver préparé à un rendez-vous",
            "Réduire le temps passé à ranger",
        ),
        importance="importance : ",
        satisfaction="satisfaction : ",
        situations=("lieu", "avec qui", "réseau"),
        situation_answers=(
            ("au bureau", "sur le terrain", "à la maison", "en cours"),
            ("devant un client ou un patient", "en équipe", "seul"),
            ("réseau fiable", "souvent sans réseau"),
        ),
        frequency="notes par semaine",
        age="âge",
        gender=("genre", "femme", "homme", "autre"),
        income=("revenu", "moins de 1 800 €", "de 1 800 à 3 000 €", "plus de 3 000 €"),
        region=("région", "Île-de-France", "Ouest", "Sud", "Est"),
        renewed="a renouvelé",
        yes="oui",
        no="non",
        customer_id="client",
        plan=("formule", "gratuite", "payante"),
        value="valeur annuelle",
        study_toml_template=_FRENCH_TOML,
        guide_situation="prendre des notes",
        guide_audience="des personnes qui ont changé de façon de noter cette année",
    ),
    Language.EN: DemoWords(
        interviews="interviews",
        survey="survey.csv",
        customers="customers.csv",
        id="respondent",
        needs=(
            "Find a note again fast in front of somebody",
            "Capture something without stopping what I am doing",
            "Turn a meeting into tasks that the team follows",
            "Pull scattered ideas together to write",
            "Keep a record that proves what was agreed",
            "Stop worrying about forgetting",
            "Come across as prepared and serious",
            "Tidy up what I noted",
        ),
        outcomes=(
            "Minimise the time to find a note in front of somebody",
            "Minimise the number of gestures to take a note with busy hands",
            "Increase the share of meeting tasks that are really followed",
            "Minimise the time to pull notes together before writing",
            "Increase the weight of a note as proof",
            "Minimise the likelihood of forgetting something important",
            "Increase the likelihood of arriving prepared",
            "Minimise the time spent tidying up",
        ),
        importance="importance: ",
        satisfaction="satisfaction: ",
        situations=("place", "with whom", "network"),
        situation_answers=(
            ("at the office", "on site", "at home", "in class"),
            ("in front of a client or patient", "in a team", "alone"),
            ("reliable network", "often without network"),
        ),
        frequency="notes per week",
        age="age",
        gender=("gender", "woman", "man", "other"),
        income=("income", "under £1,600", "£1,600 to £2,800", "over £2,800"),
        region=("region", "London", "North", "Midlands", "Wales"),
        renewed="renewed",
        yes="yes",
        no="no",
        customer_id="customer",
        plan=("plan", "free", "paid"),
        value="yearly value",
        study_toml_template=_ENGLISH_TOML,
        guide_situation="taking notes",
        guide_audience="people who changed the way they take notes this year",
    ),
}
