"""What a model answered: kept in the folder, taken up by a run, never paid for twice."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embauche.errors import ConfigError, LLMError
from embauche.identify import Evidence
from embauche.identify.llm_answer import Answer, Code
from embauche.identify.llm_batch import Outcome
from embauche.identify.llm_evidence import asks_of
from embauche.identify.llm_ladder import Rung
from embauche.identify.llm_union import union_of_proposals
from embauche.identify.llm_usage import Usage
from embauche.study.agreement_report import study_agreement
from embauche.study.coded_study import coded_study
from embauche.study.config import StudyConfig, parse_config
from embauche.study.identifying import corpus_of_study, settings_of_study
from embauche.study.llm_coding import (
    FILE_NAME,
    Journal,
    forget_llm_coding,
    llm_evidence,
    machine_proposals,
    only_answered,
    read_llm_coding,
)
from embauche.vocabulary import Facet, Language

_TALK = """Interviewer: What goes wrong today?

Nadia: I lose everything each time it syncs. The weather was fine that day.
I need to find my notes before a meeting.
"""
_CODER = "machine:llm:stub@localhost:1"


@pytest.fixture
def study(tmp_path: Path) -> StudyConfig:
    """Return a folder with one fictional interview."""
    (tmp_path / "nadia.txt").write_text(_TALK, encoding="utf-8")
    return StudyConfig(folder=tmp_path)


def _outcome(asks, *facets: Facet | None) -> Outcome:
    codes = tuple(
        (Code(0, len(ask.unit.quote), facet, 0.8),) if facet else ()
        for ask, facet in zip(asks, facets, strict=True)
    )
    usage = Usage(1, 100, 10)
    return Outcome(tuple(asks), Answer(codes, {"repeated": 1}), Rung.JSON_OBJECT, usage)


def _answered(study: StudyConfig, *facets: Facet | None) -> None:
    asks = asks_of(corpus_of_study(study))
    Journal(study.folder, _CODER)(_outcome(asks, *facets))


def test_what_is_written_is_read_again(study) -> None:
    corpus = corpus_of_study(study)
    _answered(study, Facet.FRUSTRATION, None, Facet.JOB_FUNCTIONAL)
    coding = read_llm_coding(study.folder)
    assert coding.coders == (_CODER,)
    assert coding.rung(_CODER) is Rung.JSON_OBJECT
    assert coding.rung("machine:llm:other@h") is Rung.JSON_SCHEMA
    assert coding.usage(_CODER) == Usage(1, 100, 10)
    assert coding.rejected(_CODER) == {"repeated": 1}
    assert len(coding.answers(_CODER)) == 3
    assert coding.answers(_CODER, prompt="another") == {}
    found = llm_evidence(corpus, coding)[_CODER]
    assert [item.facet for item in found] == [Facet.FRUSTRATION, Facet.JOB_FUNCTIONAL]
    text = corpus.sources[0].text
    assert all(text[item.start : item.end] == item.quote for item in found)


def test_the_file_holds_no_words_of_anybody(study) -> None:
    _answered(study, Facet.FRUSTRATION, None, Facet.JOB_FUNCTIONAL)
    held = (study.folder / FILE_NAME).read_text("utf-8")
    for word in ("lose", "weather", "meeting", "Nadia", "nadia", "wrong"):
        assert word not in held
    assert set(json.loads(held)) == {"coder", "prompt", "rung", "usage", "rejected", "answers"}


def test_changed_words_have_no_answer_and_the_others_keep_theirs(study) -> None:
    _answered(study, Facet.FRUSTRATION, None, Facet.JOB_FUNCTIONAL)
    path = study.folder / "nadia.txt"
    welcome = "Interviewer: Good morning.\n\nNadia: Hi.\n\n"
    path.write_text(welcome + _TALK.replace("a meeting", "my meeting"), encoding="utf-8")
    found = llm_evidence(corpus_of_study(study), read_llm_coding(study.folder))[_CODER]
    assert [item.quote for item in found] == ["I lose everything each time it syncs."]


def test_a_line_cut_by_an_interruption_is_left_out_and_written_over(study) -> None:
    _answered(study, Facet.FRUSTRATION, None, None)
    path = study.folder / FILE_NAME
    with path.open("ab") as file:
        file.write('{"coder": "machine:llm:stub@h", "rung": "é'.encode()[:-1])
    assert len(read_llm_coding(study.folder).lines) == 1
    _answered(study, None, None, Facet.OBJECTIVE)
    coding = read_llm_coding(study.folder)
    assert len(coding.lines) == 2
    assert [len(codes) for codes in coding.answers(_CODER).values()] == [0, 0, 1]


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "{}",
        '{"coder":"c","prompt":"p","rung":"x","usage":{},"rejected":{},"answers":{}}',
        '{"coder":"c","prompt":"p","rung":"text","usage":{},"rejected":{},"answers":{"k":[[1]]}}',
        '{"coder":"c","prompt":"p","rung":"text","usage":{},"rejected":{},"answers":{"k":[[5,2,"emotion",1]]}}',
        '{"coder":"c","prompt":"p","rung":"text","usage":{"x":1},"rejected":{},"answers":{}}',
    ],
)
def test_a_line_of_another_kind_is_named(study, line) -> None:
    _answered(study, None, None, None)
    path = study.folder / FILE_NAME
    path.write_text(f"{path.read_text('utf-8')}{line}\n", encoding="utf-8")
    with pytest.raises(LLMError) as caught:
        read_llm_coding(study.folder)
    assert caught.value.params == {"file": FILE_NAME, "line": 2}


def test_where_nothing_can_be_written_down_nobody_is_asked(study) -> None:
    (study.folder / FILE_NAME).mkdir()
    with pytest.raises(LLMError) as caught:
        Journal(study.folder, _CODER)
    assert caught.value.code == "llm.cannot_write"


def test_forgetting_takes_it_out(study) -> None:
    _answered(study, Facet.FRUSTRATION, None, None)
    assert forget_llm_coding(study.folder)
    assert not forget_llm_coding(study.folder)
    assert read_llm_coding(study.folder).lines == ()


class _NoVectors:
    """Vectors that say nothing: ratings are not what is tested here."""

    def encode(self, texts):
        return np.zeros((len(texts), 512), dtype=np.float32)


def _offline(study: StudyConfig, start: int, end: int, facet: Facet) -> Evidence:
    source = corpus_of_study(study).sources[0]
    return Evidence(
        id=f"offline-{start}-{facet}",
        source=source.id,
        participant=source.turns[-1].participant or "",
        start=start,
        end=end,
        quote=source.text[start:end],
        facet=facet,
        language=Language.EN,
        coder="machine:offline-1",
        confidence=0.6,
        reason="words",
    )


def test_the_union_keeps_the_offline_ids_and_says_where_both_agree(study) -> None:
    corpus = corpus_of_study(study)
    _answered(study, Facet.FRUSTRATION, None, Facet.JOB_FUNCTIONAL)
    model = llm_evidence(corpus, read_llm_coding(study.folder))[_CODER]
    first = model[0]
    same = _offline(study, first.start + 2, first.end - 1, Facet.FRUSTRATION)
    alone = _offline(study, first.start, first.end, Facet.EMOTION)
    union = union_of_proposals((same, alone), model)
    by_facet = {item.facet: item for item in union}
    assert len(union) == 3
    assert by_facet[Facet.FRUSTRATION] == replace(same, confidence=0.8, reason="agreed")
    assert by_facet[Facet.EMOTION] == alone
    assert by_facet[Facet.JOB_FUNCTIONAL] == model[1]
    assert [item.start for item in union] == sorted(item.start for item in union)
    assert len({item.id for item in union}) == 3


def test_the_union_with_nothing_is_the_offline_list(study) -> None:
    held = (_offline(study, 50, 60, Facet.EMOTION), _offline(study, 55, 70, Facet.EMOTION))
    assert union_of_proposals(held) == held
    assert union_of_proposals(held, ()) == held


@pytest.mark.parametrize(
    ("coder", "n", "codes"),
    [
        (None, 3, {"llm.taken_up"}),
        ("both", 3, {"llm.taken_up"}),
        ("llm", 2, {"llm.taken_up"}),
        ("offline", 1, set()),
    ],
)
def test_whose_proposals_count(study, coder, n, codes) -> None:
    _answered(study, Facet.FRUSTRATION, None, Facet.JOB_FUNCTIONAL)
    offline = (_offline(study, 60, 80, Facet.HABIT),)
    corpus = corpus_of_study(study)
    found, notices = machine_proposals(offline, corpus, study.folder, _NoVectors(), coder)
    assert len(found) == n
    assert {notice.code for notice in notices} == codes


def test_a_study_that_grew_says_that_the_model_has_not_seen_all(study) -> None:
    _answered(study, Facet.FRUSTRATION, None, None)
    (study.folder / "karim.txt").write_text("Karim: I lose my pen every day.\n", encoding="utf-8")
    corpus = corpus_of_study(study)
    _, notices = machine_proposals((), corpus, study.folder, _NoVectors())
    assert ("llm.not_all_answered", 1) in {(item.code, item.params["n"]) for item in notices}
    (study.folder / "nadia.txt").unlink()
    found, notices = machine_proposals(
        (), corpus_of_study(study), study.folder, _NoVectors(), "both"
    )
    assert found == ()
    assert ("llm.not_all_answered", 1) in {(item.code, item.params["n"]) for item in notices}


def test_what_a_model_was_not_asked_is_no_disagreement(study) -> None:
    asks = asks_of(corpus_of_study(study))
    Journal(study.folder, _CODER)(_outcome(asks[:2], Facet.FRUSTRATION, None))
    corpus, coding = corpus_of_study(study), read_llm_coding(study.folder)
    proposed = llm_evidence(corpus, coding)[_CODER]
    table = only_answered(coded_study(corpus, proposed, ()).table, corpus, coding)
    assert [table.given(row, 0) for row in range(3)] == [{Facet.FRUSTRATION}, set(), None]


def test_agreement_compares_a_model_with_a_person(study) -> None:
    _answered(study, Facet.FRUSTRATION, None, Facet.JOB_FUNCTIONAL)
    line = {"kind": "reviewed", "source": "nadia", "coder": "person:lea"}
    (study.folder / "coding.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    compared = [found.coders for found in study_agreement(study, resamples=20).with_machine]
    assert ("person:lea", _CODER) in {tuple(sorted(pair, reverse=True)) for pair in compared}


def test_only_a_models_proposals_where_there_are_none_is_an_error(study) -> None:
    with pytest.raises(LLMError) as caught:
        machine_proposals((), corpus_of_study(study), study.folder, _NoVectors(), "llm")
    assert caught.value.code == "llm.no_proposals"


def test_the_section_of_study_toml() -> None:
    config = parse_config(
        '[llm]\nurl = "http://localhost:1/v1"\nmodel = "m"\ninput_price = 0.1\nbatch = 5\n'
        'coder = "offline"\n',
        Path(),
    )
    settings = settings_of_study(config, {})
    assert (settings.model, settings.batch, settings.input_price) == ("m", 5, 0.1)
    assert settings.url_from == "study.toml"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('key = "sk-1"', "config.secret"),
        ('API_KEY = "sk-1"', "config.secret"),
        ('batch = "five"', "config.not_a_number"),
        ("timeout = -1", "config.not_a_number"),
        ("batch = true", "config.not_a_number"),
        ('coder = "mine"', "config.unknown_coder"),
        ('modell = "m"', "config.unknown_key"),
    ],
)
def test_what_the_section_refuses(line: str, code: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(f"[llm]\n{line}\n", Path())
    assert caught.value.code == code
    assert caught.value.params["line"] == 2
    assert "sk-1" not in caught.value.message("fr")


def test_a_key_is_not_sent_unseen_to_an_address_that_came_with_the_folder() -> None:
    away = parse_config('[llm]\nurl = "https://example.org/v1"\nmodel = "m"\n', Path())
    environment = {"EMBAUCHE_LLM_KEY": "sk-1"}
    with pytest.raises(LLMError) as caught:
        settings_of_study(away, environment, confirmed=False)
    assert caught.value.code == "llm.address_from_folder"
    assert settings_of_study(away, environment).key == "sk-1"
    own = {**environment, "EMBAUCHE_LLM_URL": "https://example.org/v1"}
    assert settings_of_study(away, own, confirmed=False).key == "sk-1"
    here = parse_config('[llm]\nurl = "http://localhost:1/v1"\nmodel = "m"\n', Path())
    assert settings_of_study(here, environment, confirmed=False).key == "sk-1"
