"""A workspace: one folder that holds one database, its secrets and the studies' files."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "EMBAUCHE_HOME"


def default_folder() -> Path:
    """Return the workspace folder: ``EMBAUCHE_HOME``, else the platform's data folder."""
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "embauche"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a workspace keeps its things.

    Attributes
    ----------
    folder
        The workspace folder; made, readable by its owner only, when first used.
    """

    folder: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "embauche.sqlite3"

    @property
    def studies(self) -> Path:
        """Folder of the studies' files, one folder a study."""
        return self.folder / "studies"

    @property
    def incoming(self) -> Path:
        """Folder where a large upload waits while its request lasts."""
        return self.folder / "incoming"

    @property
    def backups(self) -> Path:
        """Folder of the copies made before a migration."""
        return self.folder / "backups"

    @property
    def heartbeat(self) -> Path:
        """File whose time says when the background worker was last seen alive."""
        return self.folder / "worker.beat"

    def prepare(self) -> Workspace:
        """Make the folders; interviews are personal data, so nobody else may read them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.studies.mkdir(exist_ok=True)
        self.incoming.mkdir(exist_ok=True)
        if os.name != "nt":
            self.folder.chmod(0o700)
        return self

    def secret_key(self) -> str:
        """Return the key that signs cookies; made once a workspace."""
        return self._secret("secret.key", 50)

    def access_token(self) -> str:
        """Return the token that opens the local server; made once a workspace."""
        return self._secret("access.token", 32)

    def _secret(self, name: str, size: int) -> str:
        path = self.folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or not path.stat().st_size:
            self._put_secret(path, secrets.token_urlsafe(size))
        return path.read_text(encoding="ascii").strip()

    @staticmethod
    def _put_secret(path: Path, value: str) -> None:
        """Put a whole secret in its place, of mode 0600 from the start.

        Of two processes that start at once the first one's stays, and both read that.
        """
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(value)
            try:
                os.link(draft, path)
            except OSError:
                # An empty one was left behind by a full disk; some file systems know no links.
                if not path.is_file() or not path.stat().st_size:
                    Path(draft).replace(path)
        finally:
            Path(draft).unlink(missing_ok=True)
