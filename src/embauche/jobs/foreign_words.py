"""Words that do not belong in a job: solutions, brands, measures of success."""

from __future__ import annotations

import re
from typing import Final

from embauche.vocabulary import Language

SOLUTIONS: Final = {
    Language.FR: re.compile(
        (
            r"\b(?:appli|application|logiciel|outil|plateforme|site (?:web|internet)|tableur"
            r"|excel|IA|chatgpt|chatbot|bouton|fonctionnalité|abonnement|robot|widget|PDF"
            r"|tableaux? de bord|modes? sombre|notification|extension (?:du|de) navigateur)s?\b"
        ),
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        (
            r"\b(?:app|application|software|tool|platform|website|spreadsheet|excel|AI|chatgpt"
            r"|chatbot|button|feature|subscription|dashboard|widget|PDF|dark mode|notification"
            r"|browser extension|plug-?in)s?\b"
        ),
        re.IGNORECASE,
    ),
}

METRICS: Final = {
    Language.FR: re.compile(
        (
            r"\d|%|\b(?:plus (?:vite|rapide|rapidement|facilement|souvent)|moins (?:cher|de "
            r"temps|souvent|d'erreurs)|minimiser|maximiser|réduire le (?:temps|nombre|risque)"
            r"|le plus (?:vite|rapidement)|au maximum|au minimum)\b"
        ),
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        (
            r"\d|%|\b(?:faster|quicker|cheaper|more (?:quickly|often|easily)|less (?:time"
            r"|often|effort)|fewer|minimi[sz]e|maximi[sz]e|reduce the (?:time|number"
            r"|likelihood|risk)|as (?:fast|quickly) as"
            r"|(?:twice|\w+ times) as (?:fast|quickly|often))\b"
        ),
        re.IGNORECASE,
    ),
}


BRANDS: Final = re.compile(
    r"\b(?:Evernote|Notion|OneNote|Obsidian|Trello|Slack|Airtable|Asana|Dropbox|Google(?: \w+)?|"
    r"Gmail|Outlook|Zoom|Skype|Signal|Messenger|Telegram|Facebook|Instagram|Pinterest|Netflix|"
    r"Spotify|Deezer|Uber|Airbnb|Booking(?:\.com)?|Doctolib|Leboncoin|Vinted|Amazon|Ikea|Canva|"
    r"Figma|Photoshop|Salesforce|Word|Siri|Alexa|Garmin|Strava|[A-Za-z]?[a-z]+[A-Z]\w+)\b"
)
"""Brands that people say for what they do, and names written as brands are ("iPad")."""


def product_pattern(product: str) -> re.Pattern[str] | None:
    """Return a pattern that finds a product's name in words, or nothing for no name."""
    names = [re.escape(name.strip()) for name in re.split(r"[,/()]", product) if name.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE) if names else None
