"""The doctor: looks whether everything is there that the program works with, and repairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.doctor import Finding
from aiops_desktop.domain.keys import FileState
from aiops_desktop.domain.secrets import StoreState
from aiops_desktop.domain.trouble import Failed, Missing, Refused
from aiops_desktop.services import doctor_checks as checks

if TYPE_CHECKING:
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.services.history import History
    from aiops_desktop.services.key_care import KeyCare
    from aiops_desktop.services.safe import Safe
    from aiops_desktop.services.settings import SettingsService


class Doctor:
    """Looks without changing anything; `fix` repairs what the program itself can repair.

    `which` finds a program as our children would, "" when it cannot; `playbooks` gives the
    ansible-playbook that deployments use, or raises Missing; `database` is the file in use;
    `integrations` says how those and their links stand.
    """

    def __init__(
        self,
        layout: Layout,
        settings: SettingsService,
        safe: Safe,
        keys: KeyCare,
        history: History,
        *,
        database: Path,
        which: Callable[[str], str],
        playbooks: Callable[[], str],
        integrations: Callable[[], Iterable[Finding]] = tuple,
    ) -> None:
        self._layout = layout
        self._settings = settings
        self._safe = safe
        self._keys = keys
        self._history = history
        self._database = database
        self._which = which
        self._playbooks = playbooks
        self._integrations = integrations

    def look(self) -> list[Finding]:
        """What was found, in the order in which things build upon each other."""
        return [
            *checks.basics(self._layout, self._database),
            *self._config(),
            *self._secrets(),
            *self._key_files(),
            *self._programs(),
            *self._integrations(),
        ]

    def fix(self, name: str) -> Done:
        """Repair what a finding names in its `fix`.

        Raises:
            Refused: there is nothing to repair under this name now.
            Failed: the system does not allow it.
        """
        finding = next((one for one in self.look() if one.fix == name), None)
        if finding is None:
            raise Refused(f"There is nothing to repair under “{name}”.", "Look again.")
        if name == "keys":
            return self._keys.repair()
        with self._history.doing("repair", finding.title) as entry:
            entry.note = finding.does
            try:
                self._repair(name)
            except OSError as error:
                raise Failed(
                    f"{finding.title} could not be repaired: {error.strerror}.",
                    "Repair it as the owner of the data folder.",
                ) from error
        return Done(Changes(Touched.SETTINGS | Touched.HISTORY), f"{finding.title}: repaired.")

    def _repair(self, name: str) -> None:
        if name == "folder":
            self._layout.data.chmod(0o700)
        elif name == "files":
            for path in checks.private_files(self._layout):
                if checks.open_to_others(path):
                    path.chmod(0o600)
        elif name == "lock":
            self._layout.socket.unlink(missing_ok=True)

    def _config(self) -> Iterator[Finding]:
        effective = self._settings.effective()
        for problem in effective.problems:
            yield Finding("Settings", False, problem.sentence, "Correct it where it stands.")
        for unknown in effective.unknown:
            hint = "Correct its name, or remove it."
            yield Finding("Settings", None, f"Nothing is called {unknown}.", hint)
        if not effective.problems and not effective.unknown:
            yield Finding("Settings", True, "Every value can be used.")

    def _secrets(self) -> Iterator[Finding]:
        secrets = self._safe.status()
        well = secrets.state not in (StoreState.LOST, StoreState.SILENT) and not secrets.warning
        yield Finding("Secrets", well, f"{secrets.sentence} {secrets.warning}".strip())
        if secrets.state is StoreState.SILENT:
            hint = "Unlock or restart the keyring of your desktop, then look again."
            yield Finding("Keyring", False, "The keyring does not answer.", hint)
        elif secrets.can_keyring:
            yield Finding("Keyring", True, "A keyring answers here.")
        else:
            hint = "A passphrase protects secrets as well: “secret change passphrase”."
            yield Finding("Keyring", None, "No keyring answers here.", hint)

    def _key_files(self) -> Iterator[Finding]:
        unsafe = self._keys.unsafe()
        opened = ", ".join(key.name for key, state in unsafe if state is FileState.OPEN)
        gone = ", ".join(key.name for key, state in unsafe if state is not FileState.OPEN)
        if opened:
            does = "Take the key files away from others (0600)."
            yield Finding("Key files", False, f"Others may read {opened}.", does, "keys", does)
        if gone:
            hint = "Bring the files back, or delete these keys."
            yield Finding("Key files", False, f"The files of {gone} cannot be used.", hint)
        if not unsafe:
            yield Finding("Key files", True, "Nobody else can read them.")

    def _programs(self) -> Iterator[Finding]:
        try:
            yield Finding("ansible-playbook", True, self._playbooks())
        except Missing as missing:
            without = "Not found; playbooks cannot run on this computer."
            yield Finding("ansible-playbook", None, f"{without} {missing.hint}", missing.hint)
        assistants = self._settings.current().assistants
        yield checks.command("codex", assistants.codex_command, self._which)
        yield checks.command("aider", assistants.aider_command, self._which)
