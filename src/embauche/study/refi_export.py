"""A study as a REFI-QDA project: its texts, codes, coders and codings, and what it came with.

Where the study was imported, the original project is the ground: its codes, codings, pictures and
memos stay as they are, people's later decisions are carried over, and what the study holds besides
is added. What a person erased from the study does not come back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from embauche.collect.refi import (
    RefiCode,
    RefiCoding,
    RefiProject,
    RefiSelection,
    RefiSet,
    RefiSource,
    RefiText,
    RefiUser,
    guid_key,
)
from embauche.collect.refi_archive import locate_name
from embauche.collect.source import Corpus, Source
from embauche.identify.evidence import Evidence
from embauche.jobs.job import Job
from embauche.jobs.operation_lines import line_of
from embauche.study.decisions import Decisions
from embauche.study.refi_alignment import align
from embauche.study.refi_codes import facet_codes, guid_of
from embauche.study.refi_decisions import coder_names
from embauche.study.refi_ground import Ground, bare, filtered, paths_of
from embauche.study.refi_items import Item, evidence_lines, items_of
from embauche.study.refi_jobs import (
    job_codes,
    job_guid,
    only_codes,
    with_children,
)
from embauche.study.refi_memo import Memo, memo_note
from embauche.study.refi_memos import described, described_codes, joined
from embauche.study.several_coders import ANONYMOUS, coder_of
from embauche.vocabulary import GOAL_FACETS, EvidenceStatus, Facet, Language

_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Held:
    """What a study holds that is to be exported.

    Attributes
    ----------
    corpus
        The sources.
    evidence
        The evidence to export; rejected evidence is left out by `study_project`.
    decisions
        People's decisions, all of which travel in the memo.
    jobs
        The jobs to export as codes.
    files
        Names of the files that the study folder still has: others were erased.
    title, toml
        The study's title, and the text of its ``study.toml``.
    language
        Language of the codes' names.
    """

    corpus: Corpus
    evidence: tuple[Evidence, ...]
    decisions: Decisions
    jobs: tuple[Job, ...] = ()
    files: frozenset[str] = frozenset()
    title: str = ""
    toml: str = ""
    language: Language = Language.FR


def study_project(held: Held, ground: Ground | None = None) -> RefiProject:
    """Return a study as a REFI-QDA project; see the module."""
    return _Export(held, bare(ground)).project()


class _Export:
    """One export, step by step."""

    def __init__(self, held: Held, ground: Ground | None) -> None:
        self._held, self._ground = held, ground
        self._base = ground.project if ground is not None else RefiProject(held.title or "Embauche")
        self._names = coder_names(self._base)
        self._coders = {name: guid for guid, name in self._names.items()}
        self._guids = {guid_key(user.guid): user.guid for user in self._base.users}
        self._users: dict[str, RefiUser] = {}
        self._sources = {source.id: source for source in held.corpus.sources}
        self._facets = self._facet_guids()
        self._needed: set[Facet] = set()
        self._job_codings = self._jobs_of_evidence()
        self._lines = {
            (str(line["id"]), coder_of(line)): line
            for line in evidence_lines(held.decisions)
            if not line.get("adjudicated")
        }
        self._done: set[tuple[str, str]] = set()
        self._written: set[str] = set()
        self._text_guids: dict[str, str] = {}
        self._memos = held.decisions.memos_of("source")

    def project(self) -> RefiProject:
        kept = [source for source in map(self._ground_source, self._base.sources) if source]
        dropped = [
            source for source in self._base.sources if source.guid not in {s.guid for s in kept}
        ]
        new = self._new_items()
        kept = [self._with_new(source, new) for source in kept]
        added = [
            self._own_source(source, new.get(source.id, ()))
            for source in self._held.corpus.sources
            if source.id not in self._text_guids
        ]
        codes, jobs = self._codes()
        job_set = (RefiSet(guid_of("set", "jobs"), "Jobs", jobs),) if jobs else ()
        gone = {locate_name(path) for source in dropped for path in paths_of(source)} - {""}
        return replace(
            self._base,
            name=self._base.name or self._held.title,
            users=(*self._base.users, *self._users.values()),
            codes=codes,
            sources=(*kept, *added),
            sets=(*self._base.sets, *job_set),
            notes=(*self._base.notes, memo_note(self._memo(), self._held.title)),
            files=tuple(
                file for file in self._base.files if file.name.rpartition("/")[2] not in gone
            ),
            notices=(),
        )

    def _ground_source(self, source: RefiSource) -> RefiSource | None:
        """Return a source of the original with people's decisions; ``None`` where it was erased."""
        if self._ground is None:
            return source
        files = {guid: file for file, guid in self._ground.texts.items()}
        texts = []
        for text in source.texts:
            file = files.get(guid_key(text.guid))
            if file is None:
                texts.append(text)
                continue
            if file not in self._held.files:
                return None
            ours = next((s for s in self._sources.values() if s.name == file), None)
            if ours is not None and text.text is not None:
                if align(text.text).ours != ours.text:
                    return None
                self._text_guids[ours.id] = text.guid
            texts.append(self._decided(text))
            if ours is not None:
                source = described(source, self._memos.get(ours.id))
        return replace(source, texts=tuple(texts))

    def _decided(self, text: RefiText) -> RefiText:
        """Carry over what people decided since about the codings of a text of the original."""
        ground = self._ground
        if ground is None:
            return text

        def keeps(coding: RefiCoding) -> bool:
            key = ground.codings.get(guid_key(coding.guid))
            return key is None or self._stands(key, self._coder(coding))

        def recoded(selection: RefiSelection) -> RefiSelection:
            codings: list[RefiCoding] = []
            for coding in selection.codings:
                key = ground.codings.get(guid_key(coding.guid))
                if key is None:
                    codings.append(coding)
                    continue
                codings.append(self._recoded(coding, key))
                codings += self._job_codings.get(key, ())
            return replace(selection, codings=tuple(codings))

        kept = filtered(text.selections, keeps)
        return replace(text, selections=tuple(recoded(selection) for selection in kept))

    def _coder(self, coding: RefiCoding) -> str:
        return self._names.get(guid_key(coding.user or ""), ANONYMOUS)

    def _stands(self, key: str, coder: str) -> bool:
        """Say whether a coding of the original still stands: its coder has not taken it back."""
        self._done.add((key, coder))
        line = self._lines.get((key, coder))
        if line is not None:
            return line.get("status") != EvidenceStatus.REJECTED
        settled = self._held.decisions.evidence.get(key)
        return settled is not None and settled.get("status") != EvidenceStatus.REJECTED

    def _recoded(self, coding: RefiCoding, key: str) -> RefiCoding:
        line = self._lines.get((key, self._coder(coding))) or {}
        facet = Facet(line["facet"]) if "facet" in line else None
        self._written.add(guid_key(coding.guid))
        was = self._ground.facets.get(guid_key(coding.code)) if self._ground else None
        if facet is None or facet is was:
            return coding
        return replace(coding, code=self._code_of(facet))

    def _new_items(self) -> dict[str, tuple[Item, ...]]:
        """Return source id → what is to be coded besides what the original holds."""
        found: dict[str, tuple[Item, ...]] = {}
        for item in items_of(self._held.evidence, self._held.decisions, self._sources):
            if (item.evidence, item.coder) not in self._done and item.source in self._sources:
                found[item.source] = (*found.get(item.source, ()), item)
                self._written.add(guid_key(item.guid))
        return found

    def _with_new(self, source: RefiSource, new: Mapping[str, tuple[Item, ...]]) -> RefiSource:
        ids = {guid: source_id for source_id, guid in self._text_guids.items()}
        texts = []
        for text in source.texts:
            items = new.get(ids.get(text.guid, ""), ())
            if items and text.text is not None:
                alignment = align(text.text)
                added = tuple(
                    replace(
                        selection,
                        start=alignment.to_theirs(selection.start),
                        end=alignment.to_theirs(selection.end),
                    )
                    for selection in self._selections(items)
                )
                texts.append(replace(text, selections=(*text.selections, *added)))
            else:
                texts.append(text)
        return replace(source, texts=tuple(texts))

    def _own_source(self, source: Source, items: tuple[Item, ...]) -> RefiSource:
        guid = guid_of("source", source.id)
        self._text_guids[source.id] = guid
        text = RefiText(
            guid=guid,
            text=source.text,
            path=f"internal://{guid}.txt",
            selections=tuple(self._selections(items)),
        )
        made = RefiSource("text", guid, _plain_name(source.name), texts=(text,))
        return described(made, self._memos.get(source.id))

    def _selections(self, items: Iterable[Item]) -> Iterator[RefiSelection]:
        """Return one selection for what the same coder says of the same words."""
        spans: dict[tuple[str, int, int, str], list[Item]] = {}
        for item in items:
            spans.setdefault((item.source, item.start, item.end, item.coder), []).append(item)
        for (source, start, end, coder), several in sorted(
            spans.items(), key=lambda pair: pair[0][1:3]
        ):
            user = self._user(coder)
            words = " ".join(self._sources[source].text[start:end].split())
            codings: list[RefiCoding] = []
            for item in several:
                codings.append(RefiCoding(item.guid, self._code_of(item.facet), user, item.at))
                codings += self._job_codings.get(item.evidence, ())
            yield RefiSelection(
                guid=guid_of("selection", f"{source}:{start}:{end}:{coder}"),
                start=start,
                end=end,
                name=words[:_NAME_LENGTH],
                description=joined(item.memo for item in several) or None,
                user=user,
                at=several[0].at,
                codings=tuple(codings),
            )

    def _user(self, coder: str) -> str | None:
        if coder == ANONYMOUS:
            return None
        name = coder if coder.startswith(("machine:", "person:")) else f"person:{coder}"
        known = self._coders.get(name)
        if known is not None:
            return self._guids[known]
        if name not in self._users:
            plain = name.removeprefix("person:")
            self._users[name] = RefiUser(guid_of("user", name), plain)
        return self._users[name].guid

    def _facet_guids(self) -> dict[Facet, str]:
        """Return the original's own code of each facet: the first, in the order of its tree."""
        found: dict[Facet, str] = {}
        facets = self._ground.facets if self._ground is not None else {}
        for code in self._base.walk_codes():
            facet = facets.get(guid_key(code.guid))
            if facet is not None and code.codable:
                found.setdefault(facet, code.guid)
        return found

    def _code_of(self, facet: Facet) -> str:
        self._needed.add(facet)
        return self._facets.get(facet, guid_of("facet", facet))

    def _codes(self) -> tuple[tuple[RefiCode, ...], tuple[str, ...]]:
        """Return the codebook with the facets and jobs that it lacks, and the codes of the jobs."""
        jobs: dict[Facet, list[RefiCode]] = {}
        have = {guid_key(code.guid) for code in self._base.walk_codes()}
        fresh = [job for job in self._held.jobs if guid_key(job_guid(job)) not in have]
        for facet, code in job_codes(fresh, self._held.language):
            self._needed.add(facet)
            jobs.setdefault(facet, []).append(code)
        below = {
            guid_key(self._facets[facet]): codes
            for facet, codes in jobs.items()
            if facet in self._facets
        }
        own = facet_codes(self._held.language, jobs)
        lacking = {
            guid_key(guid_of("facet", facet))
            for facet in (self._needed if self._base.codes else Facet)
            if facet not in self._facets
        }
        added = tuple(code for code in only_codes(own, lacking) if guid_key(code.guid) not in have)
        names = tuple(job_guid(job) for job in self._held.jobs)
        noted = self._held.decisions.memos_of("job")
        memos = {
            guid_key(job_guid(job)): noted[job.id] for job in self._held.jobs if job.id in noted
        }
        return described_codes((*with_children(self._base.codes, below), *added), memos), names

    def _jobs_of_evidence(self) -> dict[str, list[RefiCoding]]:
        found: dict[str, list[RefiCoding]] = {}
        for job in self._held.jobs:
            if job.id.startswith("refi-"):
                continue  # the original codes it already
            for facet in GOAL_FACETS:
                for evidence in job.evidence(facet):
                    guid = guid_of("job-coding", f"{job.id}/{evidence}")
                    found.setdefault(evidence, []).append(RefiCoding(guid, job_guid(job)))
        return found

    def _memo(self) -> Memo:
        decided = self._held.decisions
        ids = {str(line["id"]) for line in evidence_lines(decided)}
        machine = {job.id for job in self._held.jobs if job.id not in decided.jobs}
        lines = decided.lines or (*decided.evidence.values(), *decided.jobs.values())
        return Memo(
            toml=self._held.toml,
            sources={guid_key(guid): key for key, guid in self._text_guids.items()},
            lines=(
                *lines,
                *decided.reviewed,
                *map(line_of, decided.operations.entries),
                *decided.memos,
            ),
            proposals=frozenset(one.id for one in self._held.evidence if one.id not in ids),
            machine_jobs=frozenset(machine),
            written=frozenset(self._written),
        )


def _plain_name(name: str) -> str:
    """Return a file's name without its folder and suffix."""
    plain = name.rpartition("/")[2]
    return re.sub(r"\.[A-Za-z0-9]{1,5}\Z", "", plain)
