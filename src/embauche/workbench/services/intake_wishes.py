"""What a person says of files that wait: kept with them, so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from embauche.errors import EmbaucheError
from embauche.study.preview import KINDS, FilePreview
from embauche.vocabulary import SpeakerRole
from embauche.workbench.models import Source, Study, Upload
from embauche.workbench.services.intake_files import pending_file
from embauche.workbench.services.intake_taking import Wish
from embauche.workbench.services.intake_uploads import company_of, shown
from embauche.workbench.services.replacing import AtStake, at_stake, still_there

_CUSTOM_SIGNS = 100


class Posted(Protocol):
    """A form as Django receives it."""

    def get(self, key: str, default: str = "") -> Any:
        """Return the last value of a field."""

    def getlist(self, key: str) -> list[str]:
        """Return all values of a field."""

    def __contains__(self, key: object) -> bool:
        """Tell whether there is a field."""


@dataclass(frozen=True, slots=True)
class UploadView:
    """A file that waits, as a page shows it.

    Attributes
    ----------
    upload, preview
        The row, and what was read in the file (``None`` where it cannot be read).
    error
        Message and hint of what is wrong, by language.
    wish
        What a person said of it, or what is proposed.
    speakers
        Label, who they are taken for and why, share of the words, and the number of the field.
    identifiers
        Who and what could be recognised, and whether it is ticked.
    stake, staying
        What people did with the source that it would replace, and how many coded passages stand
        in this file as well.
    """

    upload: Upload
    preview: FilePreview | None
    error: EmbaucheError | None
    wish: dict[str, Any]
    speakers: list[dict[str, Any]]
    identifiers: list[dict[str, Any]]
    stake: AtStake | None = None
    staying: int = 0

    @property
    def ready(self) -> bool:
        """Whether it can be taken as it stands."""
        return self.preview is not None and self.preview.kind != "unknown"

    @property
    def unsure(self) -> bool:
        """Whether it takes the place of something that people worked on, and nobody said yes."""
        return self.stake is not None and self.stake.any and not self.wish.get("sure")


def view(upload: Upload) -> UploadView:
    """Return a file that waits, as a page shows it."""
    error = None
    if upload.error:
        error = EmbaucheError(upload.error["code"], **upload.error["params"])
    if upload.preview is None:
        return UploadView(upload, None, error, {}, [], [])
    found = shown(upload)
    wish = dict(upload.preview.get("wish") or _proposed(upload, found))
    stake, staying = _stake(upload, wish)
    return UploadView(
        upload,
        found,
        error,
        wish,
        [
            {
                "number": number,
                "guess": guess,
                "asks": _asks(guess, wish),
                "guessed": guess.reason in {"asks_questions", "speaks_less"},
            }
            for number, guess in enumerate(found.speakers)
        ],
        [
            {**entry, "ticked": entry["entity"] in wish["hidden"], "n": len(entry["places"])}
            for entry in upload.preview.get("identifiers") or ()
        ],
        stake,
        staying,
    )


def _asks(guess: Any, wish: Mapping[str, Any]) -> bool:
    if wish.get("interviewers") is None:
        return guess.role is SpeakerRole.INTERVIEWER
    return (guess.name or "") in wish["interviewers"]


def _proposed(upload: Upload, found: FilePreview) -> dict[str, Any]:
    """Return what is proposed before anybody said anything."""
    return {
        "kind": found.kind,
        "name": "",
        "interviewers": None,
        "text": found.text,
        "participant": found.participant,
        "hidden": [
            entry["entity"]
            for entry in (upload.preview or {}).get("identifiers") or ()
            if proposes(entry)
        ],
        "replaces": "",
        "sure": False,
    }


def proposes(entry: Mapping[str, Any]) -> bool:
    """Tell whether something is ticked from the start.

    What is sure is; not what somebody left before, nor a speaker's label of a single word, which
    more often than not is a pseudonym already.
    """
    if entry["ignored"]:
        return False
    alone = entry["reason"] == "label" and " " not in entry["entity"].partition(" ")[2]
    return bool(entry["known"] or (entry["sure"] and not alone))


def _stake(upload: Upload, wish: Mapping[str, Any]) -> tuple[AtStake | None, int]:
    name = wish.get("replaces")
    if not name:
        return None, 0
    source = Source.objects.filter(study=upload.study, name=name, current=True).first()
    if source is None:
        return None, 0
    stake = at_stake(source)
    if not stake.coded:
        return stake, 0
    from embauche.study.preview import read_alone

    try:
        now = read_alone(pending_file(upload), company_of(upload.study)).sources[0]
    except EmbaucheError:
        return stake, 0
    return stake, still_there(source, now.text, now.turns)


def keep_wishes(study: Study, posted: Posted) -> None:
    """Keep what a form says of the files that it shows."""
    for upload in Upload.objects.filter(study=study).select_related("study"):
        mark = f"u{upload.pk}-"
        if upload.preview is None or f"{mark}shown" not in posted:
            continue
        before = view(upload)
        asked = [
            item["guess"].name or ""
            for item in before.speakers
            if posted.get(f"{mark}role{item['number']}") == "interviewer"
        ]
        guessed = [
            item["guess"].name or ""
            for item in before.speakers
            if item["guess"].role is SpeakerRole.INTERVIEWER
        ]
        doubtful = any(item["guessed"] for item in before.speakers)
        wish = {
            "kind": upload.kind,
            "name": str(posted.get(f"{mark}name", ""))[:_CUSTOM_SIGNS],
            # What the reader finds by itself need not be written down; what it guesses must.
            "interviewers": asked if asked != guessed or doubtful else None,
            "text": str(posted.get(f"{mark}text", "")),
            "participant": str(posted.get(f"{mark}participant", "")),
            "hidden": posted.getlist(f"{mark}hide"),
            "replaces": str(posted.get(f"{mark}replaces", "")),
            "sure": posted.get(f"{mark}sure") == "1",
        }
        upload.preview = {**upload.preview, "wish": wish}
        Upload.objects.filter(pk=upload.pk).update(preview=upload.preview)


def wish_of(upload: Upload) -> Wish:
    """Return what is to become of a file."""
    said = view(upload).wish
    kind = upload.kind if upload.kind in {*KINDS, "coding", "project"} else "unknown"
    asked = said.get("interviewers")
    return Wish(
        kind=kind,  # type: ignore[arg-type]
        name=said.get("name", ""),
        interviewers=None if asked is None else tuple(asked),
        text=said.get("text", ""),
        participant=said.get("participant", ""),
        hidden=frozenset(said.get("hidden") or ()),
        replaces=said.get("replaces", ""),
    )
