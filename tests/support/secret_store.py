"""A secret store on a data folder, and keyrings that do as told."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path

import keyring.backend

from aiops_desktop.adapters import living
from aiops_desktop.adapters.secrets import Vault
from aiops_desktop.domain.layout import Layout
from aiops_desktop.services.history import History
from aiops_desktop.services.safe import Safe
from aiops_desktop.services.secrets import Secrets
from aiops_desktop.storage.events import EventStore
from aiops_desktop.storage.open import open_database
from aiops_desktop.storage.secrets import SecretStore

PASSPHRASE = "seven wörds are easy"
SECRETS = {
    "tenant:1/https/git.acme.example": "ann\ntoken-of-acme",
    "tenant:2/key/SHA256:abc": "passphrase-of-bolt",
    "settings/semaphore.api_token": "token-of-semaphore",
}
#: Seconds the keyring of these tests gets.
PATIENCE = 0.5


@dataclass
class Start:
    """One start of the program, as far as its secrets go."""

    secrets: Secrets
    safe: Safe
    store: SecretStore
    vault: Vault
    history: History


def start(layout: Layout) -> Start:
    """Open the secret store of a data folder, as a new process would."""
    database = open_database(layout)
    store, vault = SecretStore(database), Vault(layout, PATIENCE)
    secrets = Secrets(store, vault)
    history = History(
        EventStore(database),
        actor=lambda: "Ann",
        scrub=secrets.scrub,
        mark=living.mark(),
        living=living.marked,
    )
    return Start(secrets, Safe(store, vault, secrets, history), store, vault, history)


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory; may hang or forget."""

    priority = 5.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.kept: dict[tuple[str, str], str] = {}
        self.open = threading.Event()
        self.open.set()
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self._answer()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._answer()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._answer()
        del self.kept[service, username]

    def _answer(self) -> None:
        self.asked += 1
        self.open.wait(20)


class WrittenRing(keyring.backend.KeyringBackend):
    """A keyring that outlives a process: a file."""

    priority = 5.0

    def __init__(self, path: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self._path = path

    def get_password(self, service: str, username: str) -> str | None:
        found = self.all().get(f"{service} {username}")
        return None if found is None else str(found)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write(self.all() | {f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        self._write({k: v for k, v in self.all().items() if k != f"{service} {username}"})

    def all(self) -> dict[str, str]:
        """Everything kept."""
        return dict(json.loads(self._path.read_text())) if self._path.exists() else {}

    def _write(self, kept: dict[str, str]) -> None:
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(kept))
        part.replace(self._path)


def kept(one: Start) -> dict[str, str]:
    """All secrets of the store, by owner."""
    return {owner: one.secrets.get(owner) for owner in one.store.owners()}
