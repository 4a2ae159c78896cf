"""Jobs on the board, in Chromium: merged by mouse and by keyboard, taken back, worded well."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_jobs_are_merged_by_mouse_and_by_keyboard_and_parted_again(visit: Any) -> None:
    page = visit.go("board/")
    heads = page.locator("#board [data-stop=job]")
    line, aloud = page.locator("#line"), page.locator("#said")

    def words() -> list[str]:
        return page.locator("#board .statement .words").all_inner_texts()

    before = words()
    assert len(before) >= 4

    # By mouse: one job is dropped on another; a line names both before anything is done.
    heads.nth(1).drag_to(heads.nth(0))
    line.locator("button.go").wait_for()
    assert all(name in line.inner_text() for name in before[:2])
    assert words() == before
    assert page.evaluate("document.activeElement.matches('#line button.go')")
    _accessible(page)
    line.locator("button.go").click()
    visit.until(lambda: heads.count() == len(before) - 1)
    assert all(name in aloud.inner_text() for name in before[:2])
    page.locator("[data-undo]").click()
    visit.until(lambda: words() == before)

    # The same by keyboard: to the job, M, which job, and back with U.
    heads.nth(0).focus()
    page.keyboard.press("ArrowRight")
    assert before[1] in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("m")
    line.locator("select").first.wait_for()
    visit.until(lambda: page.evaluate("document.activeElement.matches('#line select')"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    line.locator("button.go").wait_for()
    visit.until(lambda: page.evaluate("document.activeElement.matches('#line button.go')"))
    assert all(name in line.inner_text() for name in before[:2])
    page.keyboard.press("Enter")
    visit.until(lambda: heads.count() == len(before) - 1)
    assert page.evaluate("document.activeElement.dataset.stop") == "job", "the focus goes on"
    page.keyboard.press("u")
    visit.until(lambda: words() == before)

    # A statement goes to another job and back, and a wording is mended by a click.
    piece = page.locator("#board .card").nth(0).locator(".piece").first
    quote = piece.locator(".said").inner_text()
    second = page.locator("#board .card").nth(1)
    piece.drag_to(second.locator(".statement"))
    visit.until(lambda: second.locator(".said").first.inner_text() == quote)
    page.keyboard.press("Control+z")
    visit.until(lambda: second.locator(".said").first.inner_text() != quote)
    page.keyboard.press("Control+Shift+z")
    visit.until(lambda: second.locator(".said").first.inner_text() == quote)
    page.keyboard.press("Control+z")
    visit.until(lambda: second.locator(".said").first.inner_text() != quote)

    _reworded(visit, before[0])


def _accessible(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert not found, [(item["id"], item["nodes"][0]["html"][:120]) for item in found]


def _reworded(visit: Any, before: str) -> None:
    """Reword the first job with a mend, and take it back."""
    page = visit.page
    first = page.locator("#board .statement .words").first
    page.locator('[data-act="rename"]').first.click()
    field = page.locator(".card textarea")
    with_solution = {
        "fr": "Retrouver une note avec une application",
        "en": "Find a note with an app",
    }
    field.fill(with_solution[visit.served.language])
    mend = page.locator("[data-mend]")
    mend.wait_for()
    mended = mend.get_attribute("value")
    mend.click()
    visit.until(lambda: field.input_value() == mended)
    visit.until(lambda: page.locator("[data-mend]").count() == 0)
    page.locator(".card .rename button.go").click()
    visit.until(lambda: first.inner_text() == mended)
    page.keyboard.press("u")
    visit.until(lambda: first.inner_text() == before)
