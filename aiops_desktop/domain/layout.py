"""Where everything lies in the data folder; paths are remembered relative to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.domain.names import short_mark


@dataclass(frozen=True, slots=True)
class Layout:
    """The data folder and what is in it.

    Attributes:
        data: absolute path of the data folder.
        is_default: it is the place the system gives to this program; other folders (tests, second
            profiles) mark their tmux sockets, so that nothing of two profiles meets.
        checkouts: root of all checkouts (REPO_STORAGE_PATH), by default inside the data folder.
    """

    data: Path
    is_default: bool = True
    checkout_root: Path | None = None

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data / "aiops.db"

    @property
    def settings(self) -> Path:
        """The settings file; holds only values that differ from the defaults."""
        return self.data / "settings.toml"

    @property
    def env(self) -> Path:
        """The .env file of this data folder."""
        return self.data / ".env"

    @property
    def backups(self) -> Path:
        """Copies of the database made before migrations."""
        return self.data / "backups"

    @property
    def data_key(self) -> Path:
        """The data key, when no keyring keeps it; 0600."""
        return self.data / "secret.key"

    @property
    def socket(self) -> Path:
        """The single-instance socket's lock file."""
        return self.data / "window.lock"

    @property
    def logs(self) -> Path:
        """Log files and crash reports."""
        return self.data / "logs"

    @property
    def window_state(self) -> Path:
        """What the window remembers of itself (sizes, the project shown)."""
        return self.data / "window.ini"

    @property
    def checkouts(self) -> Path:
        """The root under which `<tenant>/<project>` are checked out."""
        return self.checkout_root or self.data / "checkouts"

    @property
    def trash(self) -> Path:
        """Folders of deleted tenants and projects, until they are emptied."""
        return self.data / "trash"

    def tenant(self, slug: str) -> Path:
        """A tenant's own folder (0700): keys, known_hosts, assistants' homes, worktrees, runs."""
        return self.data / "tenants" / slug

    def tmux_socket(self, slug: str) -> str:
        """The name for `tmux -L`."""
        if self.is_default:
            return f"aiops-{slug}"
        mark = short_mark(str(self.data))[:6]
        return f"aiops-{mark}-{slug}"

    def relative(self, path: Path) -> str:
        """How a path is remembered: relative when it lies in the data folder."""
        try:
            return str(path.relative_to(self.data))
        except ValueError:
            return str(path)

    def absolute(self, text: str) -> Path:
        """A remembered path, as it is today."""
        return self.data / text  # an absolute `text` wins (pathlib)
