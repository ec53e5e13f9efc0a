"""Secrets: kept encrypted, bound to their owner, handed out only to the verb that needs them."""

from __future__ import annotations

import base64
import re
import threading
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from aiops_desktop.adapters.secrets import Vault
    from aiops_desktop.storage.secrets import SecretStore

#: Shorter ones are not replaced in texts: every other word would be dots.
_SHORTEST = 4
_DOTS = "••••••"


class Secrets:
    """The secret store and the scrubber.

    An owner is text such as "tenant:3/https/git.acme.example" or "settings/semaphore.api_token";
    a ciphertext moved to another owner cannot be read.
    """

    def __init__(self, store: SecretStore, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._lock = threading.Lock()
        self._seen: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def put(self, owner: str, value: str) -> None:
        """Remember; "" forgets.

        A value of two lines is a user name and, below it, the secret.

        Raises:
            NotTrusted: the data key is missing or wrong.
        """
        if not value:
            self._store.remove(owner)
            return
        self.learn(value)
        self._store.put(owner, *self._vault.seal(owner, value))

    def get(self, owner: str) -> str:
        """The secret, "" when there is none.

        Raises:
            NotTrusted: the data key is missing or wrong; says what to enter again.
        """
        kept = self._store.get(owner)
        if kept is None:
            return ""
        value = self._vault.open(owner, *kept)
        self.learn(value)
        return value

    def has(self, owner: str) -> bool:
        """Whether there is one, without reading it."""
        return self._store.get(owner) is not None

    def forget(self, prefix: str) -> None:
        """Forget every secret whose owner begins so (a deleted tenant's)."""
        self._store.remove_all(prefix)

    def keeper(self) -> str:
        """Where the data key lies, as a sentence for Settings."""
        return self._vault.keeper()

    def start_over(self) -> None:
        """Forget every secret and the data key, after it was lost."""
        self._store.remove_all("")
        self._vault.start_over()

    def learn(self, value: str) -> None:
        """Let the scrubber know a secret that came from elsewhere (the environment, a prompt)."""
        forms = set(_forms(value))
        with self._lock:
            if forms <= self._seen:
                return
            self._seen |= forms
            longest_first = sorted(self._seen, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def scrub(self, text: str) -> str:
        """The text with every secret read or written since the start replaced by dots."""
        pattern = self._pattern
        return pattern.sub(_DOTS, text) if pattern and text else text


def _forms(value: str) -> list[str]:
    """How a secret may appear in what tools print: as it is, quoted in a URL, in a Basic header."""
    name, _, last = value.strip().rpartition("\n")
    made = [value.strip(), last, quote(last, safe=""), quote(last)]
    if name:
        made.append(base64.b64encode(f"{name}:{last}".encode()).decode())
    return [form for form in made if len(form) >= _SHORTEST]
