"""A transcript is coded by keyboard and by mouse, searched, and taken back, in Chromium."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("served", ["en"], indirect=True)
def test_a_transcript_is_coded_by_keyboard_and_by_mouse(visit: Any) -> None:  # noqa: PLR0915
    from axe_playwright_python.sync_playwright import Axe

    page = visit.page
    visit.go("sources/")
    page.locator("table.list tbody th a[href*='/sources/']").last.click()
    page.wait_for_selector(".can-code .s")
    notes = page.locator(".reading [data-evidence]")
    step, before = page.locator("#last-step"), notes.count()

    def says(words: str) -> None:
        visit.until(lambda: words in step.inner_text())

    # One stop in the order of tabs; two sentences, one key.
    assert page.locator('.s[tabindex="0"]').count() == 1
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+ArrowDown")
    first = page.evaluate("document.querySelector('.s.is-chosen').id")
    assert page.locator(".s.is-chosen").count() == 2
    words = " ".join(page.locator(".s.is-chosen").all_inner_texts())
    page.evaluate("document.querySelector('.reading').dataset.same = 'yes'")
    page.keyboard.press("h")
    says("coded as habit")
    assert notes.count() == before + 1
    assert page.locator(".reading[data-same]").count() == 1, "the page was not drawn anew"
    assert page.evaluate("document.activeElement.className") == "s"
    assert "habit" in page.locator("#said").inner_text().lower()
    mark = page.locator(f"#{first} mark.mk-habit").first
    number = mark.get_attribute("data-e")
    drawn = "".join(page.locator(f'mark[data-e="{number}"]').all_inner_texts())
    assert drawn.replace(" ", "")[:20] == words.replace(" ", "")[:20]

    # To the evidence beside, another facet, a memo, and back.
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    note = page.locator("[data-evidence]:focus")
    assert note.get_attribute("data-evidence") == number
    page.keyboard.press("Shift+D")
    says("changed")
    changed = page.locator("[data-evidence]:focus")
    assert changed.get_attribute("data-letter") == "D"
    page.keyboard.press("m")
    page.wait_for_selector("form.edit textarea:focus")
    page.keyboard.type("Ask her again.")
    page.locator("form.edit button.go").click()
    page.wait_for_selector(".memo-line")
    assert not Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]

    # All of it taken back and brought back.
    for _ in range(3):
        page.keyboard.press("Control+z")
        visit.until(lambda: "Taken back" in step.inner_text())
        page.evaluate("document.getElementById('last-step').textContent = ''")
    assert notes.count() == before
    page.keyboard.press("Control+Shift+z")
    says("Brought back")
    visit.until(lambda: notes.count() == before + 1)
    page.keyboard.press("u")
    visit.until(lambda: notes.count() == before)

    # The mouse: half a word is enough, the palette asks, a click answers.
    sentence = page.locator(".turn:not(.q) .s").nth(4)
    sentence.scroll_into_view_if_needed()
    box = sentence.bounding_box()
    page.mouse.move(box["x"] + 14, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 12, steps=4)
    page.mouse.up()
    page.wait_for_selector("#palette:not([hidden])")
    chosen = page.locator("#chosen-words").inner_text()
    page.locator("#palette [data-facet=context]").click()
    says("coded as context")
    assert page.locator("#palette").is_hidden()
    assert chosen in step.inner_text()
    page.keyboard.press("u")
    says("Taken back")

    # A word is searched, coded where it is found, and leads to its place.
    visit.go("search/?q=notes")
    hit = page.locator(".hit:has(.said[data-code])").first
    hit.locator(".s").click()
    page.keyboard.press("i")
    visit.until(lambda: "anxiety" in hit.locator(".given-list").inner_text().lower())
    assert not Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    page.keyboard.press("u")
    visit.until(lambda: "Taken back" in page.locator("#last-step").inner_text())
    hit.locator(".from a").click()
    page.wait_for_url("**at=*")
    assert page.locator(".s[data-here]").count() == 1
    page.keyboard.press("?")
    assert page.locator("#keys").evaluate("it => it.open")
