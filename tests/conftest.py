"""What the tests share: their order, and the real data beside the checkout."""

from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser journeys last: their event loop stays, and Django refuses to work in one."""
    items.sort(key=lambda item: "journeys" in item.path.parts)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real data; it is not part of the project and may be absent."""
    if not _SHARED.is_dir():
        pytest.skip("no ../shared/data beside the checkout: real data are not part of the project")
    return _SHARED
