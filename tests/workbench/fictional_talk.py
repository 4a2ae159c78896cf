"""A fictional talk, and how tests drop, take and code it."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

INTERVIEWS = {
    "ana.md": """Interviewer: When did you realise you needed something else?

Ana: The day I lost my notebook in the van, I looked for something else. I have to find a
measurement in front of the client. It drives me mad to search for ten minutes.

Interviewer: What had you tried before?

Ana: Before that I kept it all in a paper notebook. I need to find my notes before a meeting.
""",
    "ben.md": """Interviewer: What do you use it for?

Ben: I use it to find my notes again before a meeting. It has to take me under a minute.
""",
    "cleo.md": """Interviewer: Tell me about the last time.

Cleo: On site there is no network and I wear gloves. I need to write a note without taking them off.
""",
}
ANA, BEN = INTERVIEWS["ana.md"], INTERVIEWS["ben.md"]


def drop(study: Any, actor: Any, name: str, content: str | bytes) -> Any:
    from embauche.workbench.services.intake_uploads import receive

    data = content.encode() if isinstance(content, str) else content
    return receive(study.pk, SimpleUploadedFile(name, data), actor)


def take(study: Any, actor: Any, *uploads: Any, **said: Any) -> Any:
    from embauche.workbench.services import intake_taking
    from embauche.workbench.services.intake_wishes import wish_of

    if said:
        wishes = {one.pk: intake_taking.Wish(**{"kind": one.kind, **said}) for one in uploads}
    else:
        wishes = {one.pk: wish_of(one) for one in uploads}
    return intake_taking.take(study.pk, wishes, actor)


def folder_of(study: Any) -> Path:
    from embauche.workbench.services.inputs import study_folder

    return study_folder(study)


def code(source: Any, words: str, actor: Any, facet: str = "frustration") -> Any:
    """Let a person code the sentence that holds some words."""
    from embauche.workbench.models import Evidence
    from embauche.workbench.services.teaching import answer

    at = source.text.index(words)
    spot = next(item for item in source.sentences if item["start"] <= at < item["end"])
    answer(source.pk, spot["start"], spot["end"], [facet], actor)
    return Evidence.objects.get(source=source, start=spot["start"], facet=facet)
