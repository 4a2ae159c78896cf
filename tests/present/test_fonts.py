"""The typefaces that ship: their licence goes with them."""

from importlib.resources import files

import pytest

_FONTS = files("embauche.present") / "assets" / "fonts"


def test_every_family_of_fonts_has_its_licence_beside_it() -> None:
    if not _FONTS.is_dir():
        pytest.skip("the front end is not built")
    names = [item.name for item in _FONTS.iterdir() if item.name.endswith(".woff2")]
    families = {name.partition("-latin")[0] for name in names}
    assert families == {"atkinson-hyperlegible-next", "literata"}
    for family in families:
        text = (_FONTS / f"OFL-{family}.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in text
        assert "Copyright" in text
