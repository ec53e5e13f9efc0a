"""Secrets: bound to their owner, under a data key whose place is chosen once."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import threading
import time

import keyring
import keyring.backend
import pytest

from aiops_desktop.adapters.secrets import Vault
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import NotTrusted
from aiops_desktop.services.secrets import Secrets
from aiops_desktop.storage.open import open_database
from aiops_desktop.storage.secrets import SecretStore


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory; may hang or forget."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.kept: dict[tuple[str, str], str] = {}
        self.open = threading.Event()
        self.open.set()

    def get_password(self, service: str, username: str) -> str | None:
        self.open.wait(20)
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.open.wait(20)
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr(keyring, "get_password", made.get_password)
    monkeypatch.setattr(keyring, "set_password", made.set_password)
    return made


def _secrets(layout: Layout) -> Secrets:
    return Secrets(SecretStore(open_database(layout)), Vault(layout, patience=0.5))


def test_what_was_put_is_got_again_by_a_later_start(layout: Layout) -> None:
    _secrets(layout).put("tenant:1/https/h", "tökén 🔑")
    secrets = _secrets(layout)
    assert secrets.has("tenant:1/https/h")
    assert secrets.get("tenant:1/https/h") == "tökén 🔑"
    assert secrets.get("tenant:2/https/h") == ""
    secrets.put("tenant:1/https/h", "")
    assert not secrets.has("tenant:1/https/h")


def test_a_ciphertext_moved_to_another_owner_cannot_be_read(layout: Layout) -> None:
    secrets = _secrets(layout)
    secrets.put("tenant:1/https/h", "token-of-one")
    with sqlite3.connect(layout.database) as raw:
        raw.execute("UPDATE secrets SET owner = 'tenant:2/https/h'")
    raw.close()
    with pytest.raises(NotTrusted) as caught:
        secrets.get("tenant:2/https/h")
    assert "token-of-one" not in repr(caught.value)


def test_the_same_secret_never_looks_the_same(layout: Layout) -> None:
    secrets = _secrets(layout)
    store = SecretStore(open_database(layout))
    for owner in ("a", "b"):
        secrets.put(owner, "same")
    assert store.get("a") != store.get("b")


def test_without_a_keyring_the_key_file_is_private_and_named(layout: Layout) -> None:
    secrets = _secrets(layout)
    assert not layout.data_key.exists(), "no key before there is a secret"
    secrets.put("a", "value")
    assert stat.S_IMODE(layout.data_key.stat().st_mode) == 0o600
    assert str(layout.data_key) in secrets.keeper()


def test_a_keyring_that_answers_keeps_the_key(layout: Layout, ring: Ring) -> None:
    secrets = _secrets(layout)
    secrets.put("a", "value")
    assert "keyring" in secrets.keeper()
    assert not layout.data_key.exists()
    assert len(ring.kept) == 1
    assert _secrets(layout).get("a") == "value"


def test_a_keyring_that_hangs_does_not_hold_us_up(layout: Layout, ring: Ring) -> None:
    ring.open.clear()
    begun = time.monotonic()
    secrets = _secrets(layout)
    secrets.put("a", "value")
    assert time.monotonic() - begun < 5
    ring.open.set()
    assert "file" in secrets.keeper()
    assert secrets.get("a") == "value"


def test_the_choice_is_never_switched_silently(layout: Layout, ring: Ring) -> None:
    _secrets(layout).put("a", "value")
    ring.open.clear()
    later = _secrets(layout)
    for verb in (lambda: later.get("a"), lambda: later.put("b", "other")):
        with pytest.raises(NotTrusted, match="keyring"):
            verb()
    assert not layout.data_key.exists()
    ring.open.set()
    assert _secrets(layout).get("a") == "value"
    layout.data_key.unlink(missing_ok=True)


def test_a_lost_or_foreign_key_is_said_and_one_can_start_over(layout: Layout) -> None:
    _secrets(layout).put("a", "value")
    for content in (None, "AAAA", "no base64 !"):
        if content is None:
            layout.data_key.unlink()
        else:
            layout.data_key.write_text(content)
        with pytest.raises(NotTrusted) as caught:
            _secrets(layout).get("a")
        assert "enter the tokens" in caught.value.hint
    secrets = _secrets(layout)
    secrets.start_over()
    assert not secrets.has("a")
    secrets.put("a", "new")
    assert _secrets(layout).get("a") == "new"


def test_an_unreadable_record_of_the_choice_is_said(layout: Layout) -> None:
    _secrets(layout).put("a", "value")
    record = layout.data / "secret.keeper"
    assert set(json.loads(record.read_text())) == {"keeper", "profile", "check"}
    for content in ("", "null", "[]", "{}"):
        record.write_text(content)
        with pytest.raises(NotTrusted):
            _secrets(layout).get("a")


def test_two_first_secrets_at_once_use_one_key(layout: Layout) -> None:
    open_database(layout).close()
    both = [_secrets(layout) for _ in range(4)]
    gate = threading.Barrier(4)

    def put(number: int) -> None:
        gate.wait()
        both[number].put(f"owner {number}", f"value {number}")

    threads = [threading.Thread(target=put, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    later = _secrets(layout)
    assert [later.get(f"owner {n}") for n in range(4)] == [f"value {n}" for n in range(4)]


def test_a_file_system_without_hard_links_will_do(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    _secrets(layout).put("a", "value")
    assert _secrets(layout).get("a") == "value"


def test_every_form_of_a_secret_is_scrubbed(layout: Layout) -> None:
    secrets = _secrets(layout)
    secrets.put("a", "ann\nto/ken+1")
    secrets.learn("from-the-environment")
    secrets.learn("abc")  # too short: every other word would be dots
    text = "to/ken+1 to%2Fken%2B1 YW5uOnRvL2tlbisx from-the-environment abc ann"
    scrubbed = secrets.scrub(text)
    assert scrubbed.split() == ["••••••"] * 4 + ["abc", "ann"]
    assert secrets.scrub("") == ""
    fresh = _secrets(layout)
    assert fresh.scrub("to/ken+1") == "to/ken+1"
    fresh.get("a")
    assert fresh.scrub("to/ken+1") == "••••••"


def test_forgetting_goes_by_the_whole_prefix(layout: Layout) -> None:
    secrets = _secrets(layout)
    for owner in ("tenant:1/a", "tenant:11/a"):
        secrets.put(owner, "value")
    secrets.forget("tenant:1/")
    assert not secrets.has("tenant:1/a")
    assert secrets.has("tenant:11/a")
