"""A team on a server: one invites and shares, another joins and mentions, a third only reads."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "paper lantern orchard"
INTERVIEWS = {
    "one.md": """Interviewer: When did you look for something else?

Nina: The day I lost my notebook in the van. I have to find a measurement in front of the client.
It drives me mad to search for ten minutes.
""",
    "two.md": """Interviewer: What do you use it for?

Omar: I need to find my notes before a meeting. It has to take me under a minute. I don't want to
look unprepared in front of clients.
""",
}
"""Fictional interviews, written for this test."""

_SERVE = """
import os, sys
from pathlib import Path
os.environ["EMBAUCHE_SERVER"] = "1"
from embauche.workbench.server import Server
server = Server(Path(sys.argv[1]))
from embauche.workbench.services.accounts import make_account
from embauche.workbench.services.opening import open_folder
open_folder(Path(sys.argv[2]), actor=make_account("ana", sys.argv[3], shown="Ana"))
print("ready", server.base, flush=True)
server.serve(open_browser=False)
"""


@pytest.fixture(scope="module")
def team_server(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a small fictional study to people who log in."""
    folder = tmp_path_factory.mktemp("team") / "notes"
    folder.mkdir()
    for name, text in INTERVIEWS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "study.toml").write_text(
        '[study]\ntitle = "Notes"\nlanguage = "en"\nfictional = true\n'
        '[interviews]\ninterviewer_speakers = ["Interviewer"]\n',
        encoding="utf-8",
    )
    place = tmp_path_factory.mktemp("team-workspace")
    given = [sys.executable, "-c", _SERVE, str(place), str(folder), PASSWORD]
    with subprocess.Popen(
        given, stdout=subprocess.PIPE, text=True, env=os.environ | {"EMBAUCHE_SERVER": "1"}
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ready "), f"the server did not start: {line!r}"
        yield line.split()[1]
        process.terminate()


@pytest.fixture
def browsers(chromium: Any) -> Iterator[Any]:
    """Open browsers of different people; none of them may complain."""
    opened, complaints = [], []

    def another(language: str = "en") -> Any:
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale=language)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "404" not in said.text
                else None
            ),
        )
        return page

    yield another
    for context in opened:
        context.close()
    assert not complaints, complaints


def accessible(page: Any, part: str = "html") -> None:
    from axe_playwright_python.sync_playwright import Axe

    options = {"resultTypes": ["violations"]}
    found = Axe().run(page, context=part, options=options).response["violations"]
    told = [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"][:3]]
    assert not told, f"{page.url}\n" + "\n".join(told)


def logged_in_and_inviting(ana: Any, server: str) -> str:
    """Log the owner in, and return the link that she makes."""
    ana.goto(f"{server}/")
    accessible(ana)
    ana.fill("[name=name]", "ana")
    ana.fill("[name=password]", PASSWORD)
    ana.keyboard.press("Enter")
    ana.wait_for_url(f"{server}/")
    ana.goto(f"{server}/studies/notes/people/")
    ana.fill("#invitations [name=note]", "for Tom")
    ana.click("#invitations button.go")
    accessible(ana)
    return str(ana.input_value("#made-link"))


def joined(tom: Any, invitation: str) -> None:
    """Make an account from an invitation."""
    tom.goto(invitation)
    accessible(tom)
    tom.fill("[name=shown]", "Tom")
    tom.fill("[name=name]", "tom")
    tom.fill("[name=password]", "quiet harbour lamp")
    tom.click("button.go")
    tom.wait_for_url("**/studies/notes/")


def named_by_keyboard(tom: Any) -> None:
    """Open the comments of a piece of evidence and name the owner, who is offered after the @."""
    tom.locator(".note .talk-open").first.focus()
    tom.keyboard.press("Enter")
    tom.wait_for_selector(".comments .say textarea")
    assert tom.evaluate("document.activeElement.name") == "text"
    tom.keyboard.type("<b>Is this one job</b> or two? @an")
    assert tom.locator(".mentionable [role=option]:visible").count() == 1
    tom.keyboard.press("Enter")
    tom.keyboard.type("knows.")
    accessible(tom, ".comments")
    tom.click(".comments .say button.go")
    tom.wait_for_selector(".comments .named")
    said = tom.locator(".comments .words").first
    assert said.inner_text() == "<b>Is this one job</b> or two? @ana knows."
    assert tom.locator(".note .talk-open .n").first.inner_text() == "1"
    assert tom.locator(".comments .say textarea").input_value() == ""
    tom.locator(".comments .say textarea").focus()
    tom.keyboard.press("Escape")
    assert tom.locator(".comments").count() == 0


def test_a_team_invites_mentions_and_shares(team_server: str, browsers: Any) -> None:
    study = f"{team_server}/studies/notes/"
    ana, tom, reader = browsers(), browsers("fr"), browsers()
    joined(tom, logged_in_and_inviting(ana, team_server))
    tom.goto(study + "evidence/")
    named_by_keyboard(tom)

    # She is told, goes there, and is told no more.
    ana.goto(study)
    assert re.match(r"1\b", ana.locator(".unread").inner_text())
    ana.click("a:has(.unread)")
    accessible(ana)
    ana.click(".feed .things a")
    ana.wait_for_selector(".comments .words")
    ana.goto(study + "activity/")
    assert ana.locator(".unread").count() == 0
    assert "Tom" in ana.locator(".feed").inner_text()

    # She shares; whoever has the link reads without an account, until it is revoked.
    ana.goto(study + "people/")
    ana.click("#shares button.go")
    shared = ana.input_value("#made-link")
    reader.goto(shared)
    accessible(reader)
    reader.click("nav.tabs a >> nth=1")
    assert reader.locator("form").count() == 0
    ana.click("#shares .links button")
    reader.goto(shared)
    assert reader.locator("h1").inner_text() == "This link opens nothing"
    reader.goto(study)
    assert "/login/" in reader.url
