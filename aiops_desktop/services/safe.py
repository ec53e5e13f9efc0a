"""The secret store as a whole, for Settings and the shell: where its key lies, locked or open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.secrets import (
    Keeper,
    KeyLost,
    Locked,
    Place,
    SecretsChanged,
    SecretsStatus,
    StoreState,
    in_words,
)
from aiops_desktop.domain.trouble import Clash, NotTrusted, Refused, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiops_desktop.adapters.secrets import DataKey, Vault
    from aiops_desktop.services.history import History
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.storage.secrets import SecretStore

_CHANGED = Changes(Touched.SETTINGS | Touched.HISTORY)


class Safe:
    """Looks at the secret store, locks and unlocks it, and gives it another data key."""

    def __init__(
        self,
        store: SecretStore,
        vault: Vault,
        secrets: Secrets,
        history: History,
        words: Callable[[str], str] = in_words,
    ) -> None:
        self._store = store
        self._vault = vault
        self._secrets = secrets
        self._history = history
        self._words = words

    def status(self) -> SecretsStatus:
        """How the store stands; a keyring may take some seconds to answer."""
        return self._status(self._vault.can_keyring())

    def unlock(self, passphrase: str = "") -> SecretsChanged:
        """Open the store; the passphrase counts where the data key lies under one.

        Raises:
            NotTrusted: the passphrase is wrong, or the keyring does not answer.
            KeyLost: the data key is gone; the hint names what to enter again.
            Refused: no secret is kept yet.
        """
        self._secrets.learn(passphrase)
        with self._history.doing("unlock secrets", "secret store"):
            keeper = self._kept()
            try:
                self._vault.unlock(keeper, passphrase)
            except KeyLost as lost:
                raise self._secrets.lost(lost) from lost
            if keeper.locked:
                self._record(keeper, replace(keeper, locked=False))
        return self._changed("The secret store is open.")

    def lock(self) -> SecretsChanged:
        """Close the store for every program on this data folder; they forget the data key.

        Raises:
            Refused: no secret is kept yet.
        """
        with self._history.doing("lock secrets", "secret store"):
            keeper = self._kept()
            self._record(keeper, replace(keeper, locked=True, locks=keeper.locks + 1))
            self._secrets.drop()
        kept = keeper.place
        told = "The secret store is locked."
        if kept is not Place.PASSPHRASE:
            told += f" The data key still lies {kept.short}: anyone at this account can unlock it."
        return self._changed(told)

    def rekey(self, place: Place | None = None, passphrase: str = "") -> SecretsChanged:
        """Make a new data key, seal every secret with it, and destroy the former one.

        Whenever the program or the computer ends in between, either the old or the new key opens
        all secrets.

        Args:
            place: where the new key shall lie; None: where the old one does.
            passphrase: the new one, when it shall lie under a passphrase.

        Raises:
            Locked, KeyLost, NotTrusted: the present secrets cannot be read.
            Refused: no keyring answers there, or the passphrase is too short; `field` says which.
            Clash: another program changed the store meanwhile. Nothing was changed.
        """
        self._secrets.learn(passphrase)
        with self._history.doing("re-key secrets", "secret store") as entry:
            keeper = self._store.keeper()
            place = place or (keeper.place if keeper else None)
            old = self._secrets.key(keeper) if keeper else None
            fresh = self._vault.make(place, passphrase)
            if keeper is not None:  # a program that opened the store before looks again
                fresh = replace(fresh, keeper=replace(fresh.keeper, locks=keeper.locks + 1))
            try:
                sealed, unreadable = self._seal_anew(keeper, old, fresh)
            except BaseException:
                self._vault.destroy_kept((fresh.keeper.name,))
                raise
            self._vault.hold(fresh)
            self.tidy()
            there = fresh.keeper.place.short
            entry.facts = {"data key": there, "secrets": str(sealed)}
            told = f"There is a new data key {there}; {sealed} secrets are sealed with it."
            if unreadable:
                told += f" To be entered again: {', '.join(unreadable)}."
            entry.note = told
        return replace(self._changed(told), sealed=sealed, unreadable=unreadable)

    def change(self, place: Place, passphrase: str = "") -> SecretsChanged:
        """Have the data key lie elsewhere, or under another passphrase; it is a new one then.

        Raises:
            Refused, Locked, KeyLost, NotTrusted, Clash: as `rekey`.
        """
        return self.rekey(place, passphrase)

    def start_over(self) -> SecretsChanged:
        """Forget every secret and the data key, after it was lost; the next secret makes one."""
        with self._history.doing("start over with secrets", "secret store") as entry:
            lost = self._secrets.words()
            with self._store.transaction():
                keeper = self._store.keeper()
                self._store.remove_all("")
                self._store.set_keeper(None)
            if keeper is not None:
                self._vault.destroy_kept((keeper.name,))
            self._vault.file.set_aside()
            self._secrets.drop()
            told = f"To be entered again: {', '.join(lost)}." if lost else "Nothing was kept."
            entry.note = told
        return replace(self._changed(told), unreadable=lost)

    def tidy(self) -> None:
        """Destroy former data keys that a crash or a silent keyring left behind.

        Only once it is certain that no power cut can bring the old rows back.
        """
        keeper = self._store.keeper()
        if keeper is None or not keeper.retired or not self._store.durable():
            return
        left = self._vault.destroy_kept(keeper.retired)
        with self._store.transaction():
            now = self._store.keeper()
            if now is not None and now.retired == keeper.retired:
                left = self._vault.destroy_written(left)
                self._store.set_keeper(replace(now, retired=left))

    # How it does it --------------------------------------------------------------------------

    def _seal_anew(
        self, keeper: Keeper | None, old: DataKey | None, fresh: DataKey
    ) -> tuple[int, tuple[str, ...]]:
        """All rows and the record in one transaction: how many, and what could not be read."""
        unreadable: list[str] = []
        with self._store.transaction():
            if self._store.keeper() != keeper:
                raise Clash(
                    "Another program has changed the secret store meanwhile; nothing was done.",
                    "Look at it again.",
                )
            self._vault.lay_down(fresh)
            rows = self._store.all() if old else []
            for row in rows:
                try:
                    value = old.open(row) if old else ""
                except NotTrusted:
                    unreadable.append(self._words(row.owner))
                    continue
                self._store.put(fresh.seal(row.owner, value))
            retired = (*keeper.retired, keeper.name) if keeper else ()
            self._store.set_keeper(replace(fresh.keeper, retired=retired))
        return len(rows) - len(unreadable), tuple(unreadable)

    def _record(self, before: Keeper, after: Keeper) -> None:
        with self._store.transaction():
            if self._store.keeper() != before:
                raise Clash("Another program has changed the secret store.", "Try again.")
            self._store.set_keeper(after)

    def _kept(self) -> Keeper:
        keeper = self._store.keeper()
        if keeper is None:
            raise Refused("No secret is kept yet, so there is nothing to lock or unlock.")
        return keeper

    def _changed(self, summary: str) -> SecretsChanged:
        return SecretsChanged(self._status(), _CHANGED, summary)

    def _status(self, can_keyring: bool = False) -> SecretsStatus:
        """How it stands now. Says what is wrong, and never raises for that."""
        words = self._secrets.words()
        try:
            keeper = self._store.keeper()
        except NotTrusted as damaged:
            return SecretsStatus(StoreState.LOST, None, str(damaged), kept=words)
        if keeper is None:
            ring, file = "in the keyring of this account", "in a file, or under a passphrase"
            where = ring if can_keyring else file
            told = f"There is no data key yet; the first secret makes one {where}."
            return SecretsStatus(StoreState.EMPTY, None, told, "", words, can_keyring)
        state, warning = self._standing(keeper)
        sentence = keeper.place.in_words(self._vault.file.path)
        return SecretsStatus(state, keeper.place, sentence, warning, words, can_keyring)

    def _standing(self, keeper: Keeper) -> tuple[StoreState, str]:
        warning = ""
        if keeper.place is Place.FILE and self._vault.file.exposed():
            warning = (
                "Others on this computer could read the file with the data key. Its permissions "
                "are repaired; make a new data key if somebody may have read it."
            )
        try:
            self._vault.held(keeper)
        except Locked:
            return StoreState.LOCKED, warning
        except KeyLost as lost:
            return StoreState.LOST, str(self._secrets.lost(lost))
        except Trouble as trouble:
            return StoreState.SILENT, str(trouble)
        return StoreState.OPEN, warning
