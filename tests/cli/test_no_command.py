"""`embauche` alone opens the workbench at the page of studies."""

from typing import Any

import pytest
from click.testing import CliRunner

from embauche.cli.main import main


def test_without_a_command_the_workbench_opens_at_the_studies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from embauche.workbench import server

    seen: dict[str, Any] = {}

    class Bound:
        url = "http://127.0.0.1:1/?token=x"

        def __init__(self, _workspace: object = None, **options: Any) -> None:
            seen.update(options)

        def serve(self, *, open_browser: bool) -> None:
            seen["browser"] = open_browser

    monkeypatch.setattr(server, "Server", Bound)
    found = CliRunner().invoke(main, ["--port", "8123", "--lang", "fr"])
    assert found.exit_code == 0, found.output
    assert Bound.url in found.output
    assert seen == {"port": 8123, "path": "/?lang=fr", "browser": True}
    CliRunner().invoke(main, ["--no-browser"])
    assert (seen["path"], seen["browser"]) == ("/", False)


def test_a_command_does_not_open_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from embauche.workbench import server

    monkeypatch.setattr(server, "Server", None)
    assert CliRunner().invoke(main, ["run", "--help"]).exit_code == 0
