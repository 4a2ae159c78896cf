"""Words that people write: job statements, the offer, links; and the words of every page."""

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from embauche.errors import WorkbenchError
from embauche.messages import messages
from embauche.vocabulary import Language


def test_a_rewording_confirms_the_statement(study: Any, owner: Any) -> None:
    from embauche.workbench.services.wording import rename_job

    job = study.jobs.first()
    other = dict(job.statement)
    job = rename_job(job.pk, "  Find a   note ", "fr", owner, job.version)
    assert job.statement == other | {"fr": "Find a note"}
    assert not job.statement_is_proposal
    assert job.worded_by.name == "person:local"


@pytest.mark.parametrize("text", ["", "   ", "x" * 301])
def test_a_statement_has_words_and_an_end(study: Any, owner: Any, text: str) -> None:
    from embauche.workbench.services.wording import rename_job

    job = study.jobs.first()
    with pytest.raises(WorkbenchError):
        rename_job(job.pk, text, "en", owner, job.version)


def test_a_conflict_keeps_both_wordings_in_sight(study: Any, owner: Any, client: Any) -> None:
    from embauche.workbench.services.wording import rename_job

    job = study.jobs.first()
    seen = job.version
    rename_job(job.pk, "Their wording", "en", owner, seen)
    address = f"/studies/{study.slug}/jobs/{job.pk}/statement/"
    answer = client.post(address, {"statement": "My wording", "version": seen})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Their wording" in html
    assert "My wording" in html
    job.refresh_from_db()
    assert job.statement["en"] == "Their wording"


def test_the_offer_is_the_teams_and_versioned(study: Any, owner: Any) -> None:
    from embauche.workbench.services.conflicts import StaleVersionError
    from embauche.workbench.services.wording import save_offer

    seen = study.version
    save_offer(study.pk, {"Search": "All notes", " ": "dropped"}, owner, seen)
    study.refresh_from_db()
    assert study.offer == {"Search": "All notes"}
    with pytest.raises(StaleVersionError):
        save_offer(study.pk, {}, owner, seen)


def test_a_confirmed_link_reaches_the_next_analysis(study: Any, owner: Any) -> None:
    from embauche.workbench.services.inputs import inputs
    from embauche.workbench.services.wording import confirm_link

    job = study.jobs.first()
    before = inputs(study).fingerprint
    confirm_link(study.pk, "finds notes", job.pk, owner)
    given = inputs(study)
    assert given.config.survey.jobs == {"finds notes": job.key}
    assert given.fingerprint != before
    confirm_link(study.pk, "finds notes", None, owner)
    assert inputs(study).fingerprint == before


def _keys() -> Iterator[str]:
    """Yield the catalogue keys that templates and code name as a whole."""
    for path in files("embauche").joinpath("workbench").rglob("*"):  # type: ignore[attr-defined]
        if path.suffix in {".html", ".py"}:
            text = path.read_text(encoding="utf-8")
            yield from re.findall(r"""\bt\(["']([a-z_.]+)["']""", text)
            yield from re.findall(r"""words\.text\("([a-z_.]+)"\)""", text)
            for code in re.findall(r"""Error\(\s*"(workbench\.[a-z_]+)\"""", text):
                yield f"error.{code}"
                yield f"error.{code}.hint"


def test_every_sentence_exists_in_both_languages() -> None:
    keys = set(_keys())
    assert len(keys) > 100
    for language in Language:
        missing = {key for key in keys if key not in messages(language)}
        assert not missing, f"{language}: {sorted(missing)}"


def test_both_catalogues_have_the_same_keys() -> None:
    mine = {
        language: {
            key
            for key in sorted(messages(language).keys())
            if key.startswith(("workbench.", "error.workbench."))
        }
        for language in Language
    }
    assert mine[Language.FR] == mine[Language.EN]


@pytest.mark.parametrize("language", list(Language))
def test_no_page_shows_a_key_instead_of_a_sentence(study: Any, client: Any, language: str) -> None:
    from test_access import addresses

    client.cookies["embauche_language"] = language
    for address in addresses(study):
        html = client.get(address).content.decode()
        assert f'<html lang="{language}"' in html
        text = re.sub(r"<[^>]+>", " ", html)
        assert not re.findall(r"\b(?:workbench|report|notice|error)\.[a-z_.]+\b", text), address


def test_a_study_speaks_its_own_language_until_one_is_chosen(study: Any, client: Any) -> None:
    address = f"/studies/{study.slug}/jobs/"
    client.cookies.pop("embauche_language", None)
    html = client.get(address, headers={"accept-language": "fr"}).content.decode()
    assert '<html lang="en"' in html, "the study's language"
    client.post("/preferences/", {"language": "fr", "back": address})
    assert '<html lang="fr"' in client.get(address).content.decode()


def test_the_fictional_study_says_so_on_every_page(study: Any, client: Any) -> None:
    from test_access import addresses

    for address in addresses(study):
        assert "fictional example" in client.get(address).content.decode(), address
