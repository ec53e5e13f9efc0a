"""What tests of the secret store share: a cheap passphrase, and a keyring in memory."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest

from aiops_desktop.adapters.secrets import phrase
from tests.support.secret_store import Ring


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at full cost is for the benchmark."""
    monkeypatch.setattr(phrase, "MEMORY", 64)
    monkeypatch.setattr(phrase, "PASSES", 1)
    monkeypatch.setattr(phrase, "LANES", 1)


@pytest.fixture
def ring() -> Iterator[Ring]:
    """The keyring of the account; `ring.open.clear()` makes it hang."""
    made, before = Ring(), keyring.get_keyring()
    keyring.set_keyring(made)
    yield made
    made.open.set()
    keyring.set_keyring(before)
