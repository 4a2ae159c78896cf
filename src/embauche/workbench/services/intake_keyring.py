"""The key of a study's pseudonyms: which token stands for whom, kept apart from the study.

It lies in the workspace's folder ``keys``, readable by its owner only, never in a study folder and
never in the database. With it go what people said of findings: what to leave, what to look for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from embauche.collect.pseudonyms import IdentifierKind, entity_of, numbers_in, token
from embauche.vocabulary import Language
from embauche.workbench.models import Source, Study


@dataclass
class Keyring:
    """What is known of a study's pseudonyms.

    Attributes
    ----------
    tokens
        Entity → kind, number, and the words that it stood for.
    ignored
        Entities that a person left as they are.
    added
        Names that a person asked to look for.
    looked
        Key of a source → SHA-256 of the text that a person went through.
    """

    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    looked: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Names to look for in every source: those added, and those that have a token."""
        persons = [
            words
            for entry in self.tokens.values()
            if entry["kind"] == IdentifierKind.PERSON
            for words in entry["words"]
        ]
        return tuple(dict.fromkeys([*self.added, *persons]))

    def token(self, entity: str, kind: IdentifierKind, words: Iterable[str], study: Study) -> str:
        """Return the token of an entity; a new one gets the next number of its kind."""
        entry = self.tokens.get(entity)
        if entry is None:
            used = [e["number"] for e in self.tokens.values() if e["kind"] == kind]
            highest = max([*used, self._written(study).get(kind, 0)], default=0)
            entry = {"kind": kind.value, "number": highest + 1, "words": []}
            self.tokens[entity] = entry
        entry["words"] = sorted({*entry["words"], *words})
        return token(kind, int(entry["number"]), Language(study.language))

    def _written(self, study: Study) -> Mapping[IdentifierKind, int]:
        """Return the highest numbers in the study's texts: a key that was deleted left them."""
        if not hasattr(self, "_highest"):
            texts = Source.objects.filter(study=study).values_list("text", flat=True)
            self._highest = numbers_in(texts.iterator(chunk_size=50))
        return self._highest


def key_file(study: Study) -> Path:
    """Return where the key of a study lies."""
    return Path(settings.WORKSPACE.folder) / "keys" / f"{study.slug}.json"


def read_keyring(study: Study) -> Keyring:
    """Return what is known of a study's pseudonyms; nothing where there is no key."""
    path = key_file(study)
    if not path.is_file():
        return Keyring()
    data = json.loads(path.read_text(encoding="utf-8"))
    return Keyring(data["tokens"], data["ignored"], data["added"], data["looked"])


def write_keyring(study: Study, keyring: Keyring) -> None:
    """Write the key whole, readable by its owner only."""
    path = key_file(study)
    path.parent.mkdir(parents=True, exist_ok=True)
    if os.name != "nt":
        path.parent.chmod(0o700)
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        data = {
            "study": study.slug,
            "tokens": keyring.tokens,
            "ignored": keyring.ignored,
            "added": keyring.added,
            "looked": keyring.looked,
        }
        json.dump(data, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def delete_keyring(study: Study) -> bool:
    """Delete the key: nobody can tell any more whom a token stands for."""
    path = key_file(study)
    if not path.is_file():
        return False
    path.unlink()
    return True


def person_entity(name: str) -> str:
    """Return the entity of a person's name."""
    return entity_of(IdentifierKind.PERSON, name)
