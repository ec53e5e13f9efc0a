"""The operating system's keyring, asked with patience that ends."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

_SERVICE = "aiops-desktop"
#: Backends below this say of themselves that they are not to be recommended: files without
#: protection, and the one that only refuses.
_RECOMMENDED = 1


class Silent(Exception):
    """The keyring did not answer in time, or failed."""


class Ring:
    """The keyring of this account.

    A broken secret service on D-Bus was measured to block for two minutes. A call that hangs is
    left to itself in its thread, and nobody asks again before it has ended.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._hanging: threading.Thread | None = None

    def get(self, profile: str) -> str | None:
        """What is kept under a name, None when nothing is.

        Raises:
            Silent: no answer.
        """
        return self._within(lambda ring: ring.get_password(_SERVICE, profile))

    def keeps(self, profile: str, text: str) -> bool:
        """Keep it; whether the keyring gives it back. Without one, or when it hangs: False."""

        def probe(ring: KeyringBackend) -> bool:
            ring.set_password(_SERVICE, profile, text)
            return ring.get_password(_SERVICE, profile) == text

        try:
            return self._within(probe)
        except Silent:
            return False

    def works(self) -> bool:
        """Whether something can be kept here; what was kept to find out is removed again."""
        name = "probe"
        return self.keeps(name, "works") and self.drop(name)

    def drop(self, profile: str) -> bool:
        """Remove it; whether it is gone."""

        def remove(ring: KeyringBackend) -> bool:
            if ring.get_password(_SERVICE, profile) is not None:
                ring.delete_password(_SERVICE, profile)
            return True

        try:
            return self._within(remove)
        except Silent:
            return False

    def _within(self, ask: Callable[[KeyringBackend], T]) -> T:
        """The answer of a call that may hang or fail.

        Raises:
            Silent: there is none in time.
        """
        answers: list[T] = []

        def work() -> None:
            # Whatever a keyring's backend raises, it means that there is no keyring.
            with contextlib.suppress(Exception):
                ring = _best()
                if ring is not None:
                    answers.append(ask(ring))

        with self._lock:
            if self._hanging is not None and self._hanging.is_alive():
                raise Silent
            thread = threading.Thread(target=work, name="keyring", daemon=True)
            self._hanging = thread
            thread.start()
            thread.join(self._patience)
        if not answers:
            raise Silent
        return answers[0]


def _best() -> KeyringBackend | None:
    """The backend to use; among several, one that fails must not be followed by a worse one."""
    import keyring

    found = keyring.get_keyring()
    several = getattr(found, "backends", None) or [found]
    return next((one for one in several if one.priority >= _RECOMMENDED), None)
