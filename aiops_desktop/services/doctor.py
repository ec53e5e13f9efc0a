"""The doctor: looks whether everything is there that the program works with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aiops_desktop.domain.deployments import CheckStep
from aiops_desktop.domain.secrets import StoreState
from aiops_desktop.domain.trouble import Missing

if TYPE_CHECKING:
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.services.safe import Safe
    from aiops_desktop.services.settings import SettingsService

#: Program → what does not work without it; those of `_NEEDED` are a fault when they are missing.
_TOOLS = {
    "git": "nothing can be cloned or pushed",
    "ssh": "SSH remotes cannot be reached",
    "tmux": "terminals end with the program",
}
_NEEDED = {"git", "ssh"}


class Doctor:
    """Looks; changes nothing.

    `which` finds a program as our children would, "" when it cannot; `playbooks` gives the
    ansible-playbook that deployments use, or raises Missing.
    """

    def __init__(
        self,
        layout: Layout,
        settings: SettingsService,
        safe: Safe,
        which: Callable[[str], str],
        playbooks: Callable[[], str],
    ) -> None:
        self._layout = layout
        self._settings = settings
        self._safe = safe
        self._which = which
        self._playbooks = playbooks

    def look(self) -> list[CheckStep]:
        """What was found; `ok` None marks what one can do without."""
        steps = [CheckStep("Data folder", True, str(self._layout.data))]
        for problem in self._settings.effective().problems:
            steps.append(CheckStep("Settings", False, problem.sentence))
        secrets = self._safe.status()
        well = secrets.state not in (StoreState.LOST, StoreState.SILENT) and not secrets.warning
        told = f"{secrets.sentence} {secrets.warning}".strip()
        steps.append(CheckStep("Secrets", well, told))
        for program, without in _TOOLS.items():
            path = self._which(program)
            ok = True if path else (False if program in _NEEDED else None)
            steps.append(CheckStep(program, ok, path or f"Not found; {without}."))
        try:
            steps.append(CheckStep("ansible-playbook", True, self._playbooks()))
        except Missing as missing:
            without = "Not found; playbooks cannot run on this computer."
            steps.append(CheckStep("ansible-playbook", None, f"{without} {missing.hint}"))
        commands = self._settings.current().assistants
        for command in (commands.codex_command, commands.aider_command):
            program = command.split()[0] if command.split() else ""
            path = self._which(program)
            steps.append(
                CheckStep(program or "assistant", True if path else None, path or "Not found.")
            )
        return steps
