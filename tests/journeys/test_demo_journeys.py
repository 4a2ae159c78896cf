"""What a newcomer does with the demo, in Chromium, in both languages."""

import re
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = (
    "",
    "sources/",
    "survey/",
    "evidence/",
    "evidence/teach/",
    "jobs/",
    "matrix/",
    "segments/",
    "compare/",
    "priorities/",
    "targets/",
    "steps/",
)
CHARTED = {"segments/", "compare/", "priorities/", "targets/"}


def test_the_demo_opens_on_an_answer(visit: Any) -> None:
    page = visit.page
    assert "token" not in page.url
    assert page.locator("html").get_attribute("lang") == visit.served.language
    assert len(page.locator("h1").inner_text()) > 20
    fiction = {"fr": "exemple fictif", "en": "fictional example"}[visit.served.language]
    assert page.locator(".rail .fiction").inner_text() == fiction
    assert page.locator(".stages li").count() == 6


def test_every_page_is_accessible_in_both_languages(visit: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, axe = visit.page, Axe()
    visit.go("sources/")
    source = page.locator("table.list tbody a").first.get_attribute("href")
    visit.go("jobs/")
    canvas = page.locator(".ways a").first.get_attribute("href")
    addresses = [visit.served.study + path for path in PAGES]
    addresses += [visit.served.base + path for path in ("/", source, canvas)]
    addresses.append(visit.served.base + canvas.replace("canvas", "empathy"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for address in addresses:
            page.goto(address)
            found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
            told = [
                f"{item['id']}: {node['html'][:160]}"
                for item in found
                for node in item["nodes"][:3]
            ]
            assert not told, f"{address} ({scheme})\n" + "\n".join(told)


_PRESS_AT_ONCE = """(what) => new MutationObserver((_, observer) => {
  const button = document.querySelector(what);
  if (!button) return;
  observer.disconnect();
  addEventListener("submit", (sent) => { window.pressed = sent.defaultPrevented; });
  button.click();
}).observe(document.body, { subtree: true, childList: true, attributes: true })"""


def _queue_takes_back(visit: Any) -> None:
    """In the queue of evidence the keys of other programs take back and bring back."""
    page = visit.page
    visit.go("evidence/?order=place&page=99")
    listed = page.locator("[data-evidence][data-status=proposed]").first
    mark = f"#{listed.get_attribute('id')}"

    def stands() -> str | None:
        return page.locator(mark).get_attribute("data-status")

    listed.focus()
    page.keyboard.press("a")
    visit.until(lambda: stands() == "accepted")
    page.keyboard.press("Control+z")
    visit.until(lambda: stands() == "proposed")
    page.keyboard.press("Control+y")
    visit.until(lambda: stands() == "accepted")
    page.keyboard.press("Control+z")
    visit.until(lambda: stands() == "proposed")


def test_evidence_is_reviewed_by_keyboard_alone(visit: Any) -> None:
    page = visit.page
    visit.go("sources/")
    # The last interview of the demo still waits for its review.
    page.locator("table.list tbody th a[href*='/sources/']").last.click()
    page.wait_for_selector(".reading [data-status=proposed]")
    page.wait_for_load_state("load")
    page.keyboard.press("n")
    note = page.locator("[data-evidence]:focus")
    assert note.get_attribute("data-status") == "proposed"
    number = note.get_attribute("data-evidence")
    own = page.locator(f"#e{number}")
    stroke = page.locator(f'mark[data-e="{number}"]').first

    def status() -> str | None:
        return own.get_attribute("data-status")

    assert status() == "proposed"
    assert "is-proposed" in stroke.get_attribute("class")
    page.keyboard.press("a")
    visit.until(lambda: status() == "accepted")
    assert "is-proposed" not in stroke.get_attribute("class")
    # Keys that are pressed before the focus is back act on the note that had it.
    page.keyboard.press("u")
    visit.until(lambda: status() == "proposed")
    page.keyboard.press("x")
    visit.until(lambda: status() == "rejected")
    page.keyboard.press("u")
    visit.until(lambda: status() == "proposed")
    page.keyboard.press("j")
    assert page.locator("[data-evidence]:focus").get_attribute("data-evidence") != number
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == f"e{number}"
    # A button that is pressed the moment it stands there answers in place: no form is sent.
    page.evaluate(_PRESS_AT_ONCE, f"#e{number}[data-status=accepted] [data-key=u]")
    page.keyboard.press("a")
    visit.until(lambda: page.evaluate("window.pressed"))
    visit.until(lambda: status() == "proposed")

    # What teaches most: one key answers, the next sentence is asked, one key takes it back.
    visit.go("evidence/teach/")
    question = page.locator("#question")

    def asked() -> str | None:
        return question.get_attribute("data-question")

    first, left = asked(), page.locator("#waiting-left").inner_text()
    page.keyboard.press("Shift+H")
    assert page.locator("[data-tick=h]").is_checked()
    page.keyboard.press("0")
    visit.until(lambda: asked() != first)
    assert page.locator("#waiting-left").inner_text() != left
    assert page.evaluate("document.activeElement.id") == "question"
    page.keyboard.press("Control+z")
    visit.until(lambda: asked() == first)
    assert page.locator("#waiting-left").inner_text() == left

    _queue_takes_back(visit)


def test_two_people_at_once_lose_nothing(visit: Any) -> None:
    first, second = visit.page, visit.page.context.new_page()
    address = visit.served.study + "evidence/?status=proposed"
    for page in (first, second):
        page.goto(address)
    number = first.locator("[data-evidence]").first.get_attribute("data-evidence")
    first.locator(f"#e{number} [data-key=a]").click()
    visit.until(lambda: first.locator(f"#e{number}").get_attribute("data-status") == "accepted")
    second.locator(f"#e{number} [data-key=x]").click()
    second.wait_for_selector(f"#e{number} [role=alert]")
    assert second.locator(f"#e{number}").get_attribute("data-status") == "accepted"
    second.locator(f"#e{number} [data-key=u]").click()
    visit.until(lambda: second.locator(f"#e{number}").get_attribute("data-status") == "proposed")
    second.close()


def test_a_cell_of_the_matrix_opens_its_quotes_in_the_margin(visit: Any) -> None:
    page = visit.go("matrix/")
    cell = page.locator(".matrix td a.cell").first
    count = int(re.sub(r"\D", "", cell.locator(".clip").inner_text()))
    cell.click()
    page.wait_for_selector("#margin .quotes li")
    assert page.locator("#margin .quotes li").count() == count
    assert page.url.endswith("/matrix/"), "one stays on the page"
    head = page.locator(".matrix thead th").first
    page.mouse.wheel(0, 1200)
    page.wait_for_timeout(200)
    assert head.bounding_box()["y"] >= -1, "the header is sticky"


def test_the_language_switches_at_once_and_stays(visit: Any) -> None:
    page = visit.go("matrix/")
    other = {"fr": "en", "en": "fr"}[visit.served.language]
    page.locator("#switch-language").click()
    assert page.url.endswith("/matrix/")
    assert page.locator("html").get_attribute("lang") == other
    visit.go("segments/")
    assert page.locator("html").get_attribute("lang") == other


def test_charts_are_drawn_under_the_strict_policy(visit: Any) -> None:
    for path, least in (("segments/", 4), ("priorities/", 2)):
        page = visit.go(path)
        page.wait_for_selector("[data-chart] svg")
        visit.until(
            lambda page=page, least=least: page.locator("[data-chart] svg").count() >= least
        )
        for drawing in page.locator("[data-chart] svg").all():
            assert drawing.get_attribute("aria-label")
            assert drawing.bounding_box()["height"] > 60


def test_the_question_mark_lists_the_keys(visit: Any) -> None:
    page = visit.page
    page.keyboard.press("?")
    assert page.locator("#keys").evaluate("it => it.open")
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    page.wait_for_url("**/jobs/")


_PARTED = """() => {
  const parted = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const found of node.data.matchAll(/n\\s=\\s[\\d\\s.,]*\\d/g)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + 5);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1)
        parted.push(found[0]);
    }
  }
  return parted;
}"""
_SIDEWAYS = """() => [...document.querySelectorAll(".scroll")]
  .filter((part) => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1
    && getComputedStyle(part).overflowX !== "visible")
  .map((part) => ({
    named: part.getAttribute("role") === "region" && !!part.getAttribute("aria-label"),
    stop: part.tabIndex === 0,
    said: document.getElementById(part.getAttribute("aria-describedby"))?.textContent ?? "",
    shadow: getComputedStyle(part).backgroundImage.includes("gradient"),
  }))"""


def test_a_phone_shows_every_page_without_sideways_scrolling(visit: Any) -> None:
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    language, wider = visit.served.language, 0
    sideways = {
        "fr": "Le tableau continue à droite\u00a0: faites-le défiler.",
        "en": "The table goes on to the right: scroll sideways.",
    }[language]
    visit.go("sources/")
    links = page.eval_on_selector_all("main a", "all => all.map((a) => a.href)")
    talks = sorted({found[0] for a in links if (found := re.search(r"sources/\d+/$", a))})
    assert talks
    for path in (*PAGES, *talks):
        visit.go(path)
        if path == "sources/":
            button = {"fr": "Choisir des fichiers", "en": "Choose files"}[language]
            assert page.locator(".picker .button").first.inner_text() == button
            page.locator("#drop-files").focus()
            drawn = page.locator(".picker").first.evaluate("e => getComputedStyle(e).outlineStyle")
            assert drawn == "solid", "what the keyboard reaches is shown"
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{path or 'overview'} is {width} px wide"
        assert not page.evaluate(_PARTED), path
        for region in page.evaluate(_SIDEWAYS):
            assert region["named"], (path, region)
            assert region["stop"], (path, region)
            assert region["shadow"], (path, region)
            assert region["said"] == sideways, (path, region)
            wider += 1
    assert wider > 0, "a table is wider than a phone, and says so"


def test_pages_without_charts_stay_light(visit: Any) -> None:
    page = visit.page
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    client.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    for path in (item for item in PAGES if item not in CHARTED):
        sizes.clear()
        visit.go(path)
        page.wait_for_load_state("networkidle")
        assert 10_000 < sum(sizes) <= 150_000, f"{path}: {sum(sizes):.0f} bytes"


def test_the_report_opens_and_asks_for_nothing(visit: Any) -> None:
    page = visit.page
    page.goto(visit.served.study + "report.html")
    visit.requests.clear()
    assert page.locator("h1").count() == 1
    page.wait_for_timeout(300)
    assert not [url for url in visit.requests if not url.startswith("data:")]
