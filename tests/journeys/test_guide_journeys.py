"""A guide is made, changed by keyboard and by dragging, and printed; axe finds nothing."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_guide_is_edited_moved_undone_and_printed(visit: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit.go("guide/")
    page.wait_for_selector(".asked-table")
    assert page.locator(".gq").count() == 21
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(item["id"], item["nodes"][0]["html"][:160]) for item in found] == []
    page.locator("#change-tried").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#edit-tried")
    page.fill("#edit-tried", "How did you manage?")
    page.locator("#q-tried .go").press("Enter")
    page.wait_for_selector("#change-tried")
    assert page.inner_text("#q-tried .gq-text").startswith("How did you manage?")
    visit.until(lambda: page.evaluate("document.activeElement.id") == "change-tried")
    page.locator("#down-tried").press("Enter")
    first = page.locator("#p-before .gq").first
    visit.until(lambda: first.get_attribute("id") == "q-looked")
    page.locator("#q-tried [data-grip]").scroll_into_view_if_needed()
    grip = page.locator("#q-tried [data-grip]").bounding_box()
    target = page.locator("#q-looked").bounding_box()
    page.mouse.move(grip["x"] + 4, grip["y"] + 4)
    page.mouse.down()
    page.mouse.move(target["x"] + 40, target["y"] + 4, steps=4)
    with page.expect_navigation():
        page.mouse.up()
    assert first.get_attribute("id") == "q-tried"
    for _ in range(3):
        before = page.inner_text("#guide-parts")
        page.click("#guide-undo")
        visit.until(lambda before=before: page.inner_text("#guide-parts") != before)
    page.wait_for_selector("#guide-undo", state="detached")
    assert "Feuillet" in page.inner_text("#q-tried .gq-text")
    answer = page.request.get(f"{visit.served.study}guide/guide.pdf")
    assert answer.body().startswith(b"%PDF")
