"""A browser and a served demo, in each language.

Chromium is Debian's own. Without it these tests are skipped with the reason, unless
EMBAUCHE_REQUIRE_BROWSER=1 makes its absence a failure.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path(os.environ.get("EMBAUCHE_CHROMIUM", "/usr/bin/chromium"))

_SERVE = """
import sys
from pathlib import Path
from embauche.workbench.demo import run_demo
server = run_demo(sys.argv[1], workspace=Path(sys.argv[2]))
print("ready", server.url, flush=True)
server.serve(open_browser=False)
"""


@dataclass
class Served:
    """A server of the demo in one language.

    Attributes
    ----------
    url
        The address with its token.
    """

    language: str
    url: str
    process: subprocess.Popen[str] = field(repr=False)

    @property
    def base(self) -> str:
        return re.match(r"http://[^/]+", self.url)[0]  # type: ignore[index]

    @property
    def study(self) -> str:
        return self.url.partition("?")[0]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.is_file():
        reason = f"no Chromium at {CHROMIUM}; install Debian's `chromium` to run the journeys"
        if os.environ.get("EMBAUCHE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session", params=["fr", "en"])
def served(
    request: pytest.FixtureRequest, chromium: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Serve the fictional study in a process of its own, as the command does."""
    language = request.param
    workspace = tmp_path_factory.mktemp(f"demo-{language}")
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE, language, str(workspace)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ready "), f"the demo did not start: {line!r}"
        yield Served(language, line.split()[1], process)
        process.terminate()


@dataclass
class Visit:
    """A page, and what it asked for and complained about."""

    page: Any
    served: Served
    requests: list[str]
    complaints: list[str]

    def go(self, path: str) -> Any:
        self.page.goto(self.served.study + path)
        return self.page

    def until(self, what: Any, seconds: float = 10.0) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if what():
                return
            self.page.wait_for_timeout(50)
        pytest.fail("waited in vain")


@pytest.fixture
def visit(served: Served, chromium: Any) -> Iterator[Visit]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    found = Visit(page, served, [], [])
    page.on("request", lambda request: found.requests.append(request.url))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: found.complaints.append(said.text) if said.type == "error" else None,
    )
    page.goto(served.url)
    yield found
    outside = [url for url in found.requests if not url.startswith((served.base, "data:", "blob:"))]
    assert not outside, "a request left the machine"
    assert not found.complaints, found.complaints
    context.close()
