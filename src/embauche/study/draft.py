"""The draft of study.toml that `embauche init` writes: every guess with its reason, to correct."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from pathlib import Path

from embauche.collect import InterviewInspection
from embauche.collect.roles import SurveyRoles
from embauche.errors import FolderError
from embauche.messages import Messages
from embauche.notices import Notice
from embauche.study.config import FILE_NAME, StudyConfig, read_config
from embauche.study.plan import Plan, inspect_speakers, make_plan, role_names
from embauche.study.progress import Report, part, silent
from embauche.vocabulary import Language, label

_BACKUP = "study.toml.bak"
_WIDTH = 96


def write_draft(
    folder: Path, *, words: Messages, force: bool = False, report: Report = silent
) -> tuple[Plan, Path]:
    """Inspect a folder and write a commented ``study.toml``.

    Parameters
    ----------
    folder
        The study folder.
    words
        Catalogue of the comments' language.
    force
        Replace a ``study.toml`` that is there; the old one is kept as ``study.toml.bak``.

    Returns
    -------
    plan, path
        What was found, and the file written.

    Raises
    ------
    FolderError
        If there is a ``study.toml`` already and `force` is not set, or nothing to read.
    """
    path = folder / FILE_NAME
    if path.exists() and not force:
        raise FolderError("folder.draft_exists", file=FILE_NAME, backup=_BACKUP)
    report("inspect", 0.0)
    plan = make_plan(StudyConfig(folder=folder))
    speakers, problems = inspect_speakers(plan, part(report, "inspect", 0.3, 1.0))
    text = draft(plan, speakers, problems, words)
    draft_path = path.with_suffix(".toml.part")
    draft_path.write_text(text, encoding="utf-8")
    if path.exists():
        path.replace(folder / _BACKUP)
    draft_path.replace(path)
    read_config(folder)
    report("inspect", 1.0)
    return plan, path


def draft(
    plan: Plan,
    speakers: Iterable[InterviewInspection],
    problems: Iterable[Notice],
    words: Messages,
) -> str:
    """Return the text of a commented ``study.toml`` for a plan."""
    speakers = tuple(speakers)
    lines: list[str] = []
    lines += _comment(words.text("study.draft.head"))
    lines += ["", *_comment(words.text("study.draft.files"))]
    for file in plan.files:
        lines += _comment(words.notice(file.reason), indent="  ")
    for problem in problems:
        lines += _comment(words.notice(problem), indent="  ")
    lines += ["", *_comment(words.text("study.draft.study")), "[study]"]
    title = words.text("study.draft.title", name=plan.config.folder.resolve().name)
    lines += [f"title = {_quoted(title)}", '# product = ""', '# question = ""']
    lines += [f"language = {_quoted(_language(speakers, words))}"]
    if plan.interviews:
        lines += _interviews(plan, speakers, words)
    if plan.reviews is not None:
        lines += ["", *_comment(words.text("study.draft.reviews")), "[reviews]"]
        lines.append(f"file = {_quoted(_name(plan, plan.reviews))}")
        if plan.review_text:
            lines.append(f"text = {_quoted(plan.review_text)}")
        lines.append('# participant = ""')
    if plan.survey is not None and plan.roles is not None:
        lines += _survey(plan, plan.roles, words)
    if plan.customers is not None:
        lines += ["", *_comment(words.text("study.draft.customers")), "[customers]"]
        lines += [f"file = {_quoted(_name(plan, plan.customers))}", '# id = ""', '# value = ""']
    lines += ["", *_comment(words.text("study.draft.offer")), "[offer]"]
    lines += [f"# {words.text('study.draft.offer_example')}", ""]
    return "\n".join(lines)


def _interviews(
    plan: Plan, speakers: tuple[InterviewInspection, ...], words: Messages
) -> list[str]:
    lines = ["", *_comment(words.text("study.draft.interviews")), "[interviews]"]
    lines += _list("files", _patterns([_name(plan, path) for path in plan.interviews]))
    lines += _comment(words.text("study.draft.speakers"))
    said: dict[tuple[str, str], int] = {}
    for inspection in speakers:
        for guess in inspection.speakers:
            role = label(guess.role, words.language) if guess.role else "–"
            who = f"{guess.name or '–'} : {role}"
            reason = words.text(f"speaker.reason.{guess.reason}")
            said[who, reason] = said.get((who, reason), 0) + 1
    for (who, reason), times in said.items():
        lines += _comment(f"{who} ({times} ×) – {reason}", indent="  ")
    for inspection in speakers:
        for notice in inspection.notices:
            if notice.severity != "info":
                lines += _comment(words.notice(notice), indent="  ")
    lines += ["# participant_speakers = []", "# interviewer_speakers = []"]
    return lines


def _survey(plan: Plan, roles: SurveyRoles, words: Messages) -> list[str]:
    lines = ["", *_comment(words.text("study.draft.survey")), "[survey]"]
    if plan.survey is not None:
        lines.append(f"file = {_quoted(_name(plan, plan.survey))}")
    said: set[str] = set()
    for key, value in role_names(roles).items():
        columns = [value] if isinstance(value, str) else value or []
        for sentence, names in _reasons(roles, columns, words):
            lines += _comment(f"{', '.join(names)} – {sentence}")
            said.update(names)
        if isinstance(value, str):
            lines.append(f"{key} = {_quoted(value)}")
        elif value:
            lines += _list(key, value)
        else:
            empty = "[]" if isinstance(value, list) else '""'
            lines.append(f"# {key} = {empty}")
    for sentence, names in _reasons(roles, [c for c in roles.reasons if c not in said], words):
        lines += _comment(f"{', '.join(names)} – {sentence}")
    lines += ["", *_comment(words.text("study.draft.jobs")), "[survey.jobs]"]
    for need in roles.needs[:2]:
        lines.append(f'# {_quoted(need)} = ""')
    return lines


def _reasons(
    roles: SurveyRoles, columns: Iterable[str], words: Messages
) -> list[tuple[str, list[str]]]:
    """Return each distinct reason with the columns that it holds for."""
    grouped: dict[str, list[str]] = {}
    for column in columns:
        reason = roles.reasons.get(column)
        if reason is not None:
            grouped.setdefault(words.notice(reason), []).append(column)
    return list(grouped.items())


def _patterns(names: list[str]) -> list[str]:
    """Return the names; many of one folder and suffix become one pattern."""
    groups: dict[str, list[str]] = {}
    for name in names:
        folder, _, file = name.rpartition("/")
        suffix = file[file.rfind(".") :] if "." in file else ""
        groups.setdefault(f"{folder}/*{suffix}" if folder else f"*{suffix}", []).append(name)
    found: list[str] = []
    for pattern, members in groups.items():
        found += [pattern] if len(members) > 3 and "/" in pattern else members
    return found


def _language(speakers: tuple[InterviewInspection, ...], words: Messages) -> Language:
    languages = [inspection.language for inspection in speakers]
    if not languages:
        return words.language
    return max(Language, key=languages.count)


def _name(plan: Plan, path: Path) -> str:
    return path.relative_to(plan.config.folder).as_posix()


def _quoted(text: str) -> str:
    """Quote a TOML basic string; JSON's escapes are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False)


def _list(key: str, items: Iterable[str]) -> list[str]:
    one_line = f"{key} = [{', '.join(_quoted(item) for item in items)}]"
    if len(one_line) <= _WIDTH:
        return [one_line]
    return [f"{key} = [", *(f"  {_quoted(item)}," for item in items), "]"]


def _comment(text: str, indent: str = "") -> list[str]:
    """Wrap a sentence into comment lines; nothing a file says can leave the comment."""
    clean = "".join(sign if sign.isprintable() or sign in "\u00a0\u202f" else " " for sign in text)
    lines = textwrap.wrap(clean, _WIDTH - len(indent), break_on_hyphens=False) or [""]
    return [f"# {indent}{line}" for line in lines]
