"""Sessions: terminals in the tenant's tmux server, found again after a restart."""

from __future__ import annotations

from aiops_desktop.domain.changes import Done
from aiops_desktop.domain.sessions import Opening, Session


class Sessions:
    """Open, list and end sessions."""

    def open(self, project_id: int, *, tool: str = "", fresh: bool = False) -> Opening:
        """How a terminal tab for this project attaches.

        The tenant's session `<slug>-shell` is created on first use, with one window per project; an
        existing window is attached to, never typed into. Each tab gets a grouped session of its own,
        so that tabs never mirror each other. `tool` "" is DEFAULT_AI_TOOL; when it cannot be found in
        the pane's own environment, DEFAULT_AI_SHELL starts and `note` says so. `fresh` opens another
        window. Without tmux: a direct PTY, and `note` says that it ends with the program.

        Raises:
            Missing: the project is not cloned.
        """
        raise NotImplementedError

    def close_view(self, tenant_id: int, view: str) -> None:
        """End a tab's grouped session; the windows go on."""
        raise NotImplementedError

    def all(self, tenant_id: int | None = None) -> list[Session]:
        """The living sessions, of one tenant or all; views of tabs are not among them."""
        raise NotImplementedError

    def kill(self, tenant_id: int, session: str, window: str = "") -> Done:
        """End a window (by id) or a whole session."""
        raise NotImplementedError

    def recover(self) -> list[Session]:
        """Match what the database remembers with what lives; the living ones."""
        raise NotImplementedError
