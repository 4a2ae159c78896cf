"""Quotes on pages: the rest of a box is one link away, and a source is named as a reader knows it."""

import re
from typing import Any

import pytest


def _sections(page: str) -> dict[str, str]:
    return {
        found[1]: found[0]
        for found in re.finditer(r'<section class="box box-(\w+).*?</section>', page, re.DOTALL)
    }


@pytest.mark.parametrize("sheet", ["canvas", "empathy"])
def test_what_a_box_leaves_out_is_shown_by_its_link(
    study: Any, client: Any, monkeypatch: pytest.MonkeyPatch, sheet: str
) -> None:
    from embauche.workbench.pages import jobs

    monkeypatch.setattr(jobs, "_QUOTES_IN_A_BOX", 1)
    tried = 0
    for job in study.jobs.filter(current=True):
        address = f"/studies/{study.slug}/jobs/{job.pk}/{sheet}/"
        for key, section in _sections(client.get(address).content.decode()).items():
            left = re.search(r'<p class="more"><a href="([^"]+)">(\d+) more of (\d+)', section)
            if left is None:
                continue
            link, n, of = left.groups()
            assert link == f"?all={key}#box-{key}"
            assert f'id="box-{key}"' in section
            assert section.count('class="said"') == int(of) - int(n) == 1
            opened = client.get(address, {"all": key}).content.decode()
            others = {k: part.count('class="said"') for k, part in _sections(opened).items()}
            assert others.pop(key) == int(of), "all of the box is shown"
            assert max(others.values()) <= 1, "and the others stay short"
            assert f'href="?#box-{key}"' in opened, "with the way back"
            tried += 1
    assert tried > 0


@pytest.mark.parametrize("folder", ["interviews/", "entretiens/"])
def test_no_page_names_the_folder_of_the_interviews(study: Any, client: Any, folder: str) -> None:
    from embauche.present.source_names import shown_source

    source = study.evidence.filter(current=True, source__current=True).first().source
    source.name = f"{folder}{source.name}"
    source.save()
    base = f"/studies/{study.slug}/"
    own = f"sources/{source.pk}/"
    for address in ("evidence/?status=all", "sources/", own, "pseudonyms/", "search/?q=notes"):
        page = client.get(base + address).content.decode()
        said = re.sub(r"<[^>]*>", " ", page)
        assert shown_source(source.name) in said, address
        assert folder not in said, address
    answer = client.get(f"/api/v1/studies/{study.slug}/sources").content.decode()
    assert source.name in answer, "a program reads the name on the disk"
