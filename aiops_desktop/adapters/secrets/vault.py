"""Makes, fetches and destroys data keys, in the keyring, under a passphrase or in a file."""

from __future__ import annotations

import base64
import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace

from aiops_desktop.adapters.secrets import key as keys
from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.adapters.secrets.key import DataKey
from aiops_desktop.adapters.secrets.keyfile import KeyFile
from aiops_desktop.adapters.secrets.ring import Ring, Silent
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.secrets import Keeper, KeyLost, Locked, Place
from aiops_desktop.domain.trouble import NotTrusted, Refused

#: Seconds a keyring gets to answer; a broken secret service blocks for two minutes.
PATIENCE = 3.0


class Vault:
    """The data key of one data folder; it is held in memory from its first use until `drop`.

    The record of it (`Keeper`) lies with the secrets in the database and is handed in, so that
    key and rows change in one transaction.
    """

    def __init__(self, layout: Layout, patience: float = PATIENCE) -> None:
        self.file = KeyFile(layout.data_key)
        self._ring = Ring(patience)
        self._lock = threading.Lock()
        self._held: DataKey | None = None

    def held(self, keeper: Keeper) -> DataKey:
        """The key that this record speaks of, fetched when it is not in memory yet.

        Raises:
            Locked: somebody must unlock it first.
            KeyLost: it is not there any more, or is another one.
            NotTrusted: the keyring does not answer.
        """
        with self._lock:
            if self._held is None or not keeper.same_key(self._held.keeper):
                self._held = None
                if keeper.locked:
                    raise Locked("The secret store is locked.", "Unlock it first.")
                if keeper.place is Place.PASSPHRASE:
                    raise Locked(
                        "The secret store is locked.", "Unlock it with its passphrase first."
                    )
                self._held = _checked(keeper, self._fetch(keeper))
            return self._held

    def unlock(self, keeper: Keeper, passphrase: str) -> DataKey:
        """Open it, whatever `locked` says; the passphrase counts where it lies under one.

        Raises:
            NotTrusted: the passphrase is wrong, or the keyring does not answer.
            KeyLost: it is not there any more, or is another one.
        """
        if keeper.place is Place.PASSPHRASE:
            secret = phrase.unwrap(passphrase, keeper.profile, keeper.wrapped)
        else:
            secret = self._fetch(keeper)
        found = _checked(keeper, secret)
        self.hold(found)
        return found

    def hold(self, key: DataKey) -> None:
        """From now on this is the key."""
        with self._lock:
            self._held = replace(key, keeper=replace(key.keeper, locked=False))

    def drop(self) -> None:
        """Forget the key in memory."""
        with self._lock:
            self._held = None

    # New keys --------------------------------------------------------------------------------

    def make(
        self,
        place: Place | None = None,
        passphrase: str = "",
        offer: Callable[[], str] = str,
    ) -> DataKey:
        """A new data key: kept already, but for a file, where `lay_down` is still to come.

        Args:
            place: where it shall lie; None: the keyring when it works, else under the passphrase
                that is offered, else a file.
            passphrase: for `Place.PASSPHRASE`.
            offer: asked for a passphrase when no keyring answers.

        Raises:
            Refused: no keyring answers, or the passphrase is too short.
            Missing: Argon2id is not there.
        """
        profile, secret = keys.fresh()
        if place in (None, Place.KEYRING):
            if self._ring.keeps(profile, base64.b64encode(secret).decode()):
                place = Place.KEYRING
            elif place is Place.KEYRING:
                raise Refused(
                    "No keyring of this account answers here, so nothing was changed.",
                    "Start or unlock the keyring, or choose a passphrase.",
                    field="place",
                )
        if place is None:
            passphrase = offer()
            place = Place.PASSPHRASE if passphrase else Place.FILE
        wrapped = phrase.wrap(passphrase, profile, secret) if place is Place.PASSPHRASE else ""
        return DataKey(Keeper(place, profile, keys.check(secret), wrapped), secret)

    def lay_down(self, key: DataKey) -> None:
        """Write a new key into the file, when that is its place; under the database's write lock.

        Raises:
            Failed: the file cannot be written.
        """
        if key.keeper.place is Place.FILE:
            self.file.add(key.keeper.profile, base64.b64encode(key.secret).decode())

    def destroy_kept(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Destroy former keys in the keyring (may take long); those that are still to be destroyed.

        `names` are as in `Keeper.retired`; a file's are left to `destroy_written`.
        """
        left = []
        for name in names:
            place, _, profile = name.partition("/")
            if place == Place.KEYRING and self._ring.drop(profile):
                continue
            if place != Place.PASSPHRASE:  # that one lay in the record, which has been replaced
                left.append(name)
        return tuple(left)

    def destroy_written(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The same for those in the file; under the database's write lock.

        Raises:
            Failed: the file cannot be written.
        """
        written = {name for name in names if name.startswith(f"{Place.FILE}/")}
        self.file.drop({name.partition("/")[2] for name in written})
        return tuple(name for name in names if name not in written)

    def can_keyring(self) -> bool:
        """Whether a keyring answers here; takes up to `PATIENCE` seconds."""
        return self._ring.works()

    def _fetch(self, keeper: Keeper) -> bytes:
        if keeper.place is Place.KEYRING:
            try:
                kept = self._ring.get(keeper.profile)
            except Silent:
                raise NotTrusted(
                    "The keyring that holds the data key does not answer.",
                    "Unlock or start the keyring, and try again.",
                ) from None
            if kept is None:
                raise KeyLost("The keyring does not hold the data key any more.")
        else:
            kept = self.file.get(keeper.profile)
            self.file.protect()
        with contextlib.suppress(ValueError):
            return base64.b64decode(kept, validate=True)
        return b""


def _checked(keeper: Keeper, secret: bytes) -> DataKey:
    if keys.check(secret) != keeper.check:
        raise KeyLost("The data key is not the one that the secrets were sealed with.")
    return DataKey(keeper, secret)
