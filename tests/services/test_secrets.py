"""Secrets: bound to their owner, under a data key whose place is chosen once."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import time

import keyring
import pytest

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.secrets import KeyLost, Locked, in_words
from aiops_desktop.domain.trouble import NotTrusted
from aiops_desktop.services.secrets import Secrets
from tests.support.secret_store import PASSPHRASE, Ring, start


def _secrets(layout: Layout) -> Secrets:
    return start(layout).secrets


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


@pytest.mark.parametrize("column", ["nonce", "ciphertext"])
@pytest.mark.parametrize("value", ["x''", "x'00'", "x'0102030405060708090a0b0c0d0e0f10'"])
def test_a_damaged_row_is_said_and_the_others_are_read(
    layout: Layout, column: str, value: str
) -> None:
    secrets = _secrets(layout)
    for owner in ("a", "b"):
        secrets.put(owner, f"value of {owner}")
    with sqlite3.connect(layout.database) as raw:
        raw.execute(f"UPDATE secrets SET {column} = {value} WHERE owner = 'a'")
    raw.close()
    with pytest.raises(NotTrusted, match="cannot be read"):
        secrets.get("a")
    assert secrets.get("b") == "value of b"


def test_the_same_secret_never_looks_the_same(layout: Layout) -> None:
    begun = start(layout)
    for owner in ("a", "b"):
        begun.secrets.put(owner, "same")
    first, second = begun.store.all()
    assert first.nonce != second.nonce
    assert first.ciphertext != second.ciphertext


def test_without_a_keyring_the_key_file_is_private_and_named(layout: Layout) -> None:
    secrets = _secrets(layout)
    assert not layout.data_key.exists(), "no key before there is a secret"
    secrets.put("a", "value")
    assert stat.S_IMODE(layout.data_key.stat().st_mode) == 0o600
    assert str(layout.data_key) in secrets.keeper()


def test_a_key_file_that_others_may_read_is_closed_again(layout: Layout) -> None:
    _secrets(layout).put("a", "value")
    layout.data_key.chmod(0o644)
    assert _secrets(layout).get("a") == "value"
    assert stat.S_IMODE(layout.data_key.stat().st_mode) == 0o600


def test_a_keyring_that_answers_keeps_the_key(layout: Layout, ring: Ring) -> None:
    secrets = _secrets(layout)
    secrets.put("a", "value")
    assert "keyring" in secrets.keeper()
    assert not layout.data_key.exists()
    assert len(ring.kept) == 1
    assert _secrets(layout).get("a") == "value"


def test_a_keyring_that_keeps_things_in_the_open_is_none(layout: Layout, ring: Ring) -> None:
    ring.priority = 0.5  # what keyring's own plain files say of themselves
    _secrets(layout).put("a", "value")
    assert not ring.kept
    assert layout.data_key.exists()


def test_where_several_keyrings_are_chained_only_a_good_one_is_used(
    layout: Layout, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    worse = Ring()
    worse.priority = 0.5  # a file without protection
    chain = Ring()
    chain.backends = (worse, ring)  # type: ignore[attr-defined]  # as keyring's own chainer has it
    monkeypatch.setattr(keyring, "get_keyring", lambda: chain)
    _secrets(layout).put("a", "value")
    assert ring.kept
    assert not worse.kept
    assert not chain.kept


def test_a_keyring_that_hangs_does_not_hold_us_up(layout: Layout, ring: Ring) -> None:
    ring.open.clear()
    begun = time.monotonic()
    secrets = _secrets(layout)
    secrets.put("a", "value")
    assert time.monotonic() - begun < 5
    ring.open.set()
    assert "file" in secrets.keeper()
    assert secrets.get("a") == "value"


def test_a_keyring_that_hangs_is_not_asked_again_before_it_answered(
    layout: Layout, ring: Ring
) -> None:
    _secrets(layout).put("a", "value")
    secrets = _secrets(layout)
    ring.open.clear()
    before = ring.asked
    begun = time.monotonic()
    for _ in range(20):
        with pytest.raises(NotTrusted, match="does not answer"):
            secrets.get("a")
    assert time.monotonic() - begun < 5
    assert ring.asked - before == 1
    ring.open.set()
    deadline = time.monotonic() + 10
    while True:
        try:
            assert secrets.get("a") == "value"
            break
        except NotTrusted:
            assert time.monotonic() < deadline


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


def test_a_passphrase_that_is_offered_keeps_the_first_key(layout: Layout) -> None:
    secrets = _secrets(layout)
    secrets.offer = lambda: PASSPHRASE
    secrets.put("a", "value")
    assert "passphrase" in secrets.keeper()
    assert secrets.get("a") == "value"
    assert not layout.data_key.exists()
    with pytest.raises(Locked):
        _secrets(layout).get("a")


def test_no_passphrase_is_asked_for_where_a_keyring_answers(layout: Layout, ring: Ring) -> None:
    secrets = _secrets(layout)
    secrets.offer = lambda: pytest.fail("asked")
    secrets.put("a", "value")
    assert ring.kept


def test_who_asks_for_a_secret_under_a_passphrase_is_asked_for_it(layout: Layout) -> None:
    first = _secrets(layout)
    first.offer = lambda: PASSPHRASE
    first.put("a", "value")
    told: list[str] = []
    answers = ["wrong", "wrong too", PASSPHRASE]

    def ask(wrong: str) -> str:
        told.append(wrong)
        return answers[len(told) - 1]

    later = _secrets(layout)
    later.ask = ask
    assert later.get("a") == "value"
    assert [bool(wrong) for wrong in told] == [False, True, True]
    assert later.get("a") == "value"
    assert len(told) == 3, "only once"
    assert later.scrub(f"({PASSPHRASE})") == "(••••••)"


def test_three_wrong_passphrases_end_it(layout: Layout) -> None:
    first = _secrets(layout)
    first.offer = lambda: PASSPHRASE
    first.put("a", "value")
    later = _secrets(layout)
    told: list[str] = []

    def ask(wrong: str) -> str:
        told.append(wrong)
        return "not the right one"

    later.ask = ask
    with pytest.raises(Locked, match="3 times"):
        later.get("a")
    assert len(told) == 3
    assert later.get("nothing") == "", "nobody is asked for what is not there"


def test_a_lost_or_foreign_key_is_said_with_what_to_enter_again(layout: Layout) -> None:
    _secrets(layout).put("tenant:1/https/git.acme.example", "value")
    whole = layout.data_key.read_text()
    name = whole.split()[0]
    for content in (None, "", "AAAA", f"{name} AAAA\n", f"{name} no-base64\n", "\0\xff x y z"):
        if content is None:
            layout.data_key.unlink()
        else:
            layout.data_key.write_text(content)
        secrets = _secrets(layout)
        with pytest.raises(KeyLost) as caught:
            secrets.get("tenant:1/https/git.acme.example")
        assert "git.acme.example" in caught.value.hint
        with pytest.raises(KeyLost):
            secrets.put("b", "not sealed with another key")
        assert secrets.get("nothing") == ""
    layout.data_key.write_text(whole)
    assert _secrets(layout).get("tenant:1/https/git.acme.example") == "value"


@pytest.mark.parametrize("change", ["place = 'moon'", "retired = '{'", "retired = '7'"])
def test_an_unreadable_record_of_the_key_is_said(layout: Layout, change: str) -> None:
    _secrets(layout).put("a", "value")
    with sqlite3.connect(layout.database) as raw:
        raw.execute(f"UPDATE secret_keeper SET {change}")
    raw.close()
    with pytest.raises(NotTrusted):
        _secrets(layout).get("a")


def test_a_record_that_is_gone_is_said(layout: Layout) -> None:
    _secrets(layout).put("a", "value")
    with sqlite3.connect(layout.database) as raw:
        raw.execute("DELETE FROM secret_keeper")
    raw.close()
    with pytest.raises(KeyLost):
        _secrets(layout).get("a")
    with pytest.raises(KeyLost):
        _secrets(layout).put("b", "not sealed with another key")


def test_two_first_secrets_at_once_use_one_key(layout: Layout) -> None:
    _secrets(layout)
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
    assert len(layout.data_key.read_text().splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_said_and_no_half_key_stays(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = _secrets(layout)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Exception, match="No space left"):
            secrets.put("a", "value")
    assert not list(layout.data.glob("secret*"))
    secrets.put("a", "value")
    assert _secrets(layout).get("a") == "value"


def test_every_secret_read_or_written_is_scrubbed(layout: Layout) -> None:
    secrets = _secrets(layout)
    secrets.put("a", "ann\nto/ken+1")
    secrets.learn("from-the-environment")
    text = "to/ken+1 to%2Fken%2B1 from-the-environment ann"
    assert secrets.scrub(text).split() == ["••••••"] * 3 + ["ann"]
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


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        ("settings/semaphore.api_token", "the setting semaphore.api_token"),
        ("tenant:3/https/git.acme.example", "the token for git.acme.example of Acme"),
        ("tenant:3/key/SHA256:abc/d", "the passphrase of the key SHA256:abc/d of Acme"),
        ("tenant:3/deployment:7", "answers of deployment 7 of Acme"),
        ("tenant:3/forge/1", "forge/1 of Acme"),
        ("tenant:x/y", "tenant:x/y"),
        ("", ""),
    ],
)
def test_owners_are_named_so_that_a_person_knows_what_to_enter(owner: str, words: str) -> None:
    assert in_words(owner, lambda number: {3: "Acme"}[number]) == words


def test_a_passphrase_is_named_by_what_its_key_is_called() -> None:
    told = in_words("tenant:3/key/SHA256:abc", lambda _id: "Acme", lambda _id, _print: "deploy")
    assert told == "the passphrase of the key deploy of Acme"
