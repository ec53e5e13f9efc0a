"""Editing: opens a file that a terminal names in the person's own editor."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import process
from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.sessions import Opening
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.services.sessions import cloned, environment, tenant_tmux

if TYPE_CHECKING:
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.services.projects import Projects
    from aiops_desktop.services.sessions import Sessions
    from aiops_desktop.services.settings import SettingsService
    from aiops_desktop.services.tenants import Tenants

#: How editors are told a place, by the name of their program (each one's manual page).
_CURSOR = frozenset(("vim", "nvim", "gvim", "view"))
_PLUS_COLON = frozenset(("emacs", "emacsclient", "micro", "kak"))
_PLUS_COMMA = frozenset(("nano", "pico"))
_PLUS = frozenset(("vi", "nvi", "elvis", "joe", "jed", "mcedit", "ne", "mg", "zile", "ex"))
_SUFFIX = frozenset(("hx", "helix", "subl", "zed", "zeditor"))
#: Programs that show another computer: a name they print is not one of a file here.
_AWAY = frozenset(("ssh", "mosh", "mosh-client", "telnet", "et"))
_GOTO = frozenset(("code", "codium", "code-insiders", "cursor"))


class Editing:
    """Finds the file and the editor, and runs it in a window of its own."""

    def __init__(
        self,
        tenants: Tenants,
        projects: Projects,
        settings: SettingsService,
        sessions: Sessions,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._tenants = tenants
        self._projects = projects
        self._settings = settings
        self._sessions = sessions
        self._environ = environ

    def open(
        self, project_id: int, path: str, line: int = 0, column: int = 0, *, near: str = ""
    ) -> Opening:
        """How a terminal shows a file of a project in $VISUAL or $EDITOR.

        Args:
            project_id: whose terminal named the file.
            path: as it was printed; a relative one starts at the folder of the window `near`, else
                at the checkout.
            line: where to, from 1; 0 where not known.
            column: the same.
            near: id of the tmux window it was printed in.

        Raises:
            Missing: there is no such file, no editor is set, or the one that is set is not there.
        """
        project = cloned(self._projects.get(project_id))
        room = self._tenants.room(project.tenant_id)
        file = self._file(project, path, near)
        env = environment(room)
        argv = editor_argv(self._editor(env), file, line, column)
        program = Path(argv[0]).name
        settings = self._settings.current().terminal
        try:
            server = tenant_tmux(room, settings)
        except Missing:
            return Opening(
                argv=argv,
                environment=env | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
                folder=project.checkout,
                title=file.name,
                program=program,
                lasting=False,
                changes=Changes(),
                font_size=settings.font_size,
                history=settings.history,
            )
        window = server.new_window(
            room.shell_session,
            file.name,
            argv,
            project.checkout,
            owner=f"project:{project.id}",
            program=program,
            keep=True,
        )
        made = self._sessions.attach(project.tenant_id, room.shell_session, window)
        changes = Changes(Touched.SESSIONS, project.id)
        return replace(made, program=program, folder=project.checkout, changes=changes)

    # How --------------------------------------------------------------------------------------

    def _editor(self, env: Mapping[str, str]) -> list[str]:
        told = self._environ.get("VISUAL", "").strip() or self._environ.get("EDITOR", "").strip()
        hint = "Set VISUAL or EDITOR where your shell reads it, then start this program again."
        if not told:
            raise Missing("No editor is set: neither VISUAL nor EDITOR says which to use.", hint)
        try:
            words = shlex.split(told)
        except ValueError as error:
            raise Missing(f"The editor “{told}” cannot be understood.", hint) from error
        found = process.which(words[0], env)
        if not found:
            raise Missing(f"The editor “{words[0]}” was not found.", hint)
        return [found, *words[1:]]

    def _file(self, project: Project, path: str, near: str) -> Path:
        whole = Path(path).expanduser()
        starts = [folder for folder in (self._folder(project, near), project.checkout) if folder]
        tries = [whole] if whole.is_absolute() else [start / whole for start in starts]
        if path.startswith(("a/", "b/")):  # as a diff names it
            tries += [start / path[2:] for start in starts]
        for one in tries:
            if one.is_file():
                return one.resolve()
        raise Missing(f"There is no file “{path}” any more.", f"It was looked for in {starts[0]}.")

    def _folder(self, project: Project, near: str) -> Path | None:
        """Where the program in a window is."""
        if not near:
            return None
        for session in self._sessions.inventory(project.tenant_id).sessions:
            for window in session.windows:
                if window.id == near and window.command in _AWAY:
                    raise Missing(
                        f"This name was printed by {window.command}, so the file is on another "
                        "computer.",
                        "Open it there.",
                    )
                if window.id == near and window.path:
                    return Path(window.path)
        return None


def editor_argv(editor: list[str], file: Path, line: int, column: int) -> tuple[str, ...]:
    """The editor's command for a place in a file; only the file when it takes no place."""
    name = Path(editor[0]).name.removesuffix(".exe")
    at, spot = max(line, 0), max(column, 1)
    if not at:
        return (*editor, str(file))
    if name in _CURSOR:
        return (*editor, f"+call cursor({at},{spot})", str(file))
    if name in _PLUS_COLON:
        return (*editor, f"+{at}:{spot}", str(file))
    if name in _PLUS_COMMA:
        return (*editor, f"+{at},{spot}", str(file))
    if name in _PLUS:
        return (*editor, f"+{at}", str(file))
    if name in _SUFFIX:
        return (*editor, f"{file}:{at}:{spot}")
    if name in _GOTO:
        return (*editor, "-g", f"{file}:{at}:{spot}")
    return (*editor, str(file))
